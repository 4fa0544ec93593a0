"""The words by which loans and people are found in what payers write. They fill themselves from the book."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.db.models import Exists, Max, OuterRef

from tideover.access.sealing import blind
from tideover.book.models import FACTS, Person
from tideover.book.queries import chunks
from tideover.repayment.statements.models import MatchKey
from tideover.repayment.statements.names import name_key, reference_key
from tideover.repayment.statements.pieces import in_pieces
from tideover.repayment.ways.references import reference_of

AT_ONCE = 2_000
LONGEST = 6
"""Pieces of a text that are put together at most: people break references anywhere."""

OF_A_REFERENCE = 20
"""Letters of a reference of ours (ways.references)."""

SHORT = 6
"""A loan's key of fewer letters, or of digits alone up to eight, may be any other number."""

_PIECES = re.compile(r"[^\W_]+")


def fill() -> None:
    """Take up loans and names that came or changed since the last time."""
    _fill_loans()
    _fill_names()


def _fill_loans() -> None:
    mark = MatchKey.objects.filter(kind="mark").first()
    newer = FACTS["loans"].objects.filter(id__gt=int(mark.of) if mark else 0)
    highest = newer.aggregate(last=Max("id"))["last"]
    if highest is None:
        return
    rows = newer.filter(id__lte=highest).order_by("id").values_list("loan_id", "borrower_id").iterator()
    for some in in_pieces(rows, AT_ONCE):
        made = [
            MatchKey(kind=kind, key=blind(word), loan_id=loan, person_id=person or "")
            for loan, person in dict.fromkeys(some)
            for kind, word in (
                ("reference", reference_key(reference_of(loan))),
                ("loan", reference_key(loan)),
            )
        ]
        MatchKey.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
    MatchKey.objects.update_or_create(kind="mark", defaults={"of": str(highest)})


def _fill_names() -> None:
    """People whose name is not taken up, or was another one when it was."""
    known = MatchKey.objects.filter(kind="name", person_id=OuterRef("pk"), of=OuterRef("name_index"))
    stale = Person.objects.exclude(name=None).filter(erased_at=None).filter(~Exists(known))
    for some in in_pieces(stale.only("pk", "name", "name_index").iterator(), AT_ONCE):
        rows = [
            MatchKey(kind="name", key=blind(word) if (word := name_key(it.name or "")) else "", person_id=it.pk, of=it.name_index)
            for it in some
        ]  # fmt: skip
        MatchKey.objects.bulk_create(
            rows, batch_size=500, update_conflicts=True, unique_fields=["kind", "person_id", "loan_id"],
            update_fields=["key", "of"],
        )  # fmt: skip


def references_in(text: str) -> set[str]:
    """Everything in a text that could be a reference of ours, folded, whatever stands between its letters."""
    plain = reference_key(text)
    places = (place for place in range(len(plain) - OF_A_REFERENCE + 1) if plain[place : place + 2] == "RF")
    return {plain[place : place + OF_A_REFERENCE] for place in places}


def keys_in(text: str) -> set[str]:
    """Everything in a text that could be the key of a loan: one piece of it, or some beside each other."""
    pieces = [reference_key(it) for it in _PIECES.findall(text)][:60]
    return {
        joined
        for start in range(len(pieces))
        for end in range(start + 1, min(start + LONGEST, len(pieces)) + 1)
        if 2 <= len(joined := "".join(pieces[start:end])) <= 64
    }


def is_short(key: str) -> bool:
    """Whether a key of a loan may be something else as well."""
    return len(key) < SHORT or (key.isdigit() and len(key) <= 8)


def found(kind: str, words: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Which loans or people each word stands for."""
    index = {blind(it): it for it in words if it}
    hits: dict[str, tuple[str, ...]] = {}
    for some in chunks(index):
        rows = MatchKey.objects.filter(kind=kind, key__in=some)
        for key, person, loan in rows.values_list("key", "person_id", "loan_id").distinct():
            hits[index[key]] = (*hits.get(index[key], ()), person if kind == "name" else loan)
    return hits
