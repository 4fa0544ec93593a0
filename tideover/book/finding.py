"""Find a person by what she is known by: her key, a loan, her whole name or an address. Sealed values are compared by their index."""

from __future__ import annotations

from collections.abc import Iterable

from tideover.access.sealing import blind
from tideover.book.models import FACTS, Address, Person
from tideover.book.models.people import PersonQuerySet

MOST = 500
"""So many stand for all: a number of a whole village finds nobody in particular."""


def known_by(words: Iterable[str], reader: object) -> PersonQuerySet:
    """Those whom a member of staff may see and who are known by exactly one of these words, now or before."""
    told = {it.strip() for it in words} - {""}
    indexes = {blind(it) for it in told}
    keys = {*told, *_named(indexes), *_reached_at(indexes), *_owing(told)}
    return Person.objects.visible_to(reader).filter(pk__in=keys).order_by("pk")


def _named(indexes: set[str]) -> set[str]:
    return set(Person.objects.filter(name_index__in=indexes).values_list("pk", flat=True)[:MOST])


def _reached_at(indexes: set[str]) -> set[str]:
    addresses = list(Address.objects.filter(index__in=indexes).values_list("pk", flat=True)[:MOST])
    points = FACTS["contact_points"].objects.filter(address_id__in=addresses)
    return set(points.values_list("person_id", flat=True).distinct()[:MOST])


def _owing(loans: set[str]) -> set[str]:
    rows = FACTS["loans"].objects.filter(loan_id__in=loans)
    return set(rows.values_list("borrower_id", flat=True).distinct()[:MOST])
