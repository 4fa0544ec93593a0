"""The reference that a loan's payments carry: a creditor reference of ISO 11649, the same for ever.

It follows from the loan's key alone and shows nothing of it. Which loan a reference stands for is looked up: the table
fills itself from the loans of the book that came since it was last asked.
"""

from __future__ import annotations

import hashlib
import re

from django.db.models import Max

from tideover.book.models import FACTS
from tideover.book.queries import chunks
from tideover.repayment.ways.models import Reference

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OWN = 16
"""Letters and digits after the check digits, eighty bits: two of twenty million loans meet once in billions of books."""

_SPACES = re.compile(r"[\s\-./]")
_SHAPE = re.compile(r"RF\d\d[0-9A-Z]{1,21}")
AT_ONCE = 2_000


def reference_of(loan_id: str) -> str:
    """RF, two check digits, sixteen letters and digits."""
    own = _own(loan_id)
    return f"RF{98 - _modulo_97(own + 'RF00'):02}{own}"


def in_groups(reference: str) -> str:
    """As people copy it: groups of four (ISO 11649, printed form)."""
    return " ".join(reference[place : place + 4] for place in range(0, len(reference), 4))


def adds_up(reference: str) -> bool:
    """Whether the check digits are right; any creditor's reference, not ours alone."""
    plain = _plain(reference)
    return bool(_SHAPE.fullmatch(plain)) and _modulo_97(plain[4:] + plain[:4]) == 1


def loan_of_reference(text: str) -> str | None:
    """The loan that a reference stands for, however it was typed; None where it is none of ours."""
    plain = _plain(text)
    if not adds_up(plain):
        return None
    known = Reference.objects.filter(reference=plain).values_list("loan_id", flat=True)
    found = known.first()
    if found is None and _fill():
        found = known.first()
    return found


def _fill() -> int:
    """Notes the references of loans that came since the last time. How many were looked at."""
    last = Reference.objects.aggregate(last=Max("fact_id"))["last"] or 0
    newer = FACTS["loans"].objects.filter(id__gt=last).order_by("id").values_list("id", "loan_id")
    made = {
        loan: Reference(loan_id=loan, reference=reference_of(loan), fact_id=fact)
        for fact, loan in newer.iterator()
    }
    for some in chunks(made, AT_ONCE):
        Reference.objects.bulk_create(
            [made[str(it)] for it in some],
            update_conflicts=True, unique_fields=["loan_id"], update_fields=["fact_id"],
        )  # fmt: skip
    return len(made)


def _own(loan_id: str) -> str:
    number = int.from_bytes(hashlib.sha256(f"payment reference {loan_id}".encode()).digest()[:10], "big")
    made = ""
    for _ in range(OWN):
        number, place = divmod(number, 36)
        made += DIGITS[place]
    return made


def _modulo_97(text: str) -> int:
    return int("".join(str(DIGITS.index(it)) for it in text)) % 97


def _plain(text: str) -> str:
    return _SPACES.sub("", text).upper()
