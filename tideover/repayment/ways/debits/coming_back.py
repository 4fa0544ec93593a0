"""What banks tell of a debit afterwards: settled, or come back, and why. Told twice, it changes nothing twice."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from tideover.access.actors import SYSTEM
from tideover.access.audit import note
from tideover.kit.errors import Refused
from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.ways.debits.codes import reason
from tideover.repayment.ways.mandates import ended_by_bank
from tideover.repayment.ways.models import DEBIT_MOVES, Debit, Mandate, MandateChange

_CODE = re.compile(r"[A-Z0-9]{4}")


class UnknownDebit(Refused):
    """No debit of ours has this number."""


@transaction.atomic
def settled(*, end_to_end: str, paid_at: datetime, at: datetime) -> Debit:
    """The money is here. Raises UnknownDebit."""
    found = _found(end_to_end)
    ledger.book(
        payment_id=found.payment_id, loan_id=found.mandate.loan_id, amount=_money(found), way="debit", paid_at=paid_at,
        at=at, source="ways",
    )  # fmt: skip
    if "settled" in DEBIT_MOVES[found.state]:
        found.state = "settled"
        found.save(update_fields=["state"])
    return found


@transaction.atomic
def returned(*, reference: str, code: str, at: datetime) -> Debit:
    """It came back: by our end-to-end number, or by the mandate's where the bank gives no other. Raises UnknownDebit."""
    found = _found(reference)
    if "returned" not in DEBIT_MOVES[found.state]:
        return found
    told = code if _CODE.fullmatch(code) else "NONE"
    ledger.reverse(payment_id=found.payment_id, because=told, at=at)
    found.state, found.because, found.returned_at = "returned", told, at
    found.save(update_fields=["state", "because", "returned_at"])
    why, mandate = reason(told), Mandate.objects.select_for_update().get(pk=found.mandate_id)
    if why.ends:
        ended_by_bank(mandate, told, at)
    elif why.rests and mandate.state == "active":
        _rest(mandate, at)
    note(action="debit_returned", by=SYSTEM, at=at, about=f"debit:{found.end_to_end}", detail={"code": told})
    return found


def _rest(mandate: Mandate, at: datetime) -> None:
    """Nothing more is taken until she goes on with it."""
    MandateChange.objects.create(
        mandate=mandate,
        what="bank",
        state_before=mandate.state,
        days_before=mandate.days_later,
        at=at,
        undone_at=at,
    )
    mandate.state = "paused"
    mandate.save(update_fields=["state"])


def _found(reference: str) -> Debit:
    """By its own number; else the last that was sent by that mandate."""
    rows = Debit.objects.select_for_update().select_related("mandate")
    found = rows.filter(end_to_end=reference).first()
    found = (
        found
        or rows.filter(mandate__umr=reference, state__in=("sent", "settled")).order_by("-due_on").first()
    )
    if found is None:
        raise UnknownDebit("No debit of ours has this number.")
    return found


def _money(debit: Debit) -> Money:
    return Money(debit.amount, debit.mandate.currency)
