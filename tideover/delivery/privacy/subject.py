"""One person, and every key by which rows of hers are found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from tideover.book.models import FACTS, Fact, Person
from tideover.book.queries import people_of_loans
from tideover.engine.facts import TABLES, Table
from tideover.kit.errors import Refused

PERSON = ("person_id", "borrower_id")


NOBODY = "There is no person of that key; it may have been erased already."


class NobodyThere(Refused):
    """There is no person of that key."""


@dataclass(frozen=True)
class Subject:
    """The person, her loans, and the contacts she had."""

    person_id: str
    loans: frozenset[str]
    contacts: frozenset[str] = field(repr=False)

    def of(self, table: Table) -> Q | None:
        """Which rows of a table are hers; None where the table is about nobody."""
        column = next((it for it in PERSON if it in table.names), "")
        of_her_loans = Q(loan_id__in=self.loans)
        if column:
            hers = Q(**{column: self.person_id})
            # A row of her loan that names nobody is of whoever took it.
            return hers | of_her_loans & Q(**{column: None}) if "loan_id" in table.names else hers
        if "loan_id" in table.names and "contact_id" not in table.names:
            return of_her_loans
        return Q(contact_id__in=self.contacts) if "contact_id" in table.names else None


def subject_of(person_id: str) -> Subject:
    """Everything that leads to one person. Raises NobodyThere."""
    if not Person.objects.filter(pk=person_id).exists():
        raise NobodyThere(NOBODY)
    return _subject(person_id)


def _subject(person_id: str) -> Subject:
    loans = FACTS["loans"].objects.filter(borrower_id=person_id).values_list("loan_id", flat=True)
    contacts = FACTS["contacts"].objects.filter(person_id=person_id).values_list("contact_id", flat=True)
    return Subject(person_id, frozenset(loans), frozenset(contacts))


def left_of(person_id: str) -> Subject:
    """The same, be it that only rows are left which were written while she was erased. Raises NobodyThere."""
    if not Person.objects.filter(pk=person_id).exists() and not any(
        model._default_manager.filter(**{column: person_id}).exists() for model, column in _naming()
    ):
        raise NobodyThere(NOBODY)
    return _subject(person_id)


def everybody() -> Iterator[str]:
    """Whoever is in the book, and whoever only a row of any table names."""
    yield from Person.objects.values_list("person_id", flat=True).iterator(chunk_size=5_000)
    for model, column in _naming():
        is_known = Exists(Person.objects.filter(pk=OuterRef(column)))
        beside = model._default_manager.filter(~is_known).exclude(**{column: None})
        yield from beside.order_by().values_list(column, flat=True).distinct()


def _naming() -> Iterator[tuple[type[models.Model], str]]:
    """Every table of ours with the column that says whom it is about."""
    for model in (*FACTS.values(), *other_models()):
        names = {it.name for it in model._meta.concrete_fields}
        yield from ((model, column) for column in PERSON if column in names)


def facts_about(subject: Subject) -> Iterator[tuple[str, models.QuerySet[Fact]]]:
    """Her rows, table by table of the contract, each with all its versions."""
    for name, table in TABLES.items():
        which = subject.of(table)
        if which is not None:
            yield name, FACTS[name].objects.filter(which).order_by("recorded_at", "id")


def who_is_told_with(loans: Iterable[str]) -> set[str]:
    """Whoever has a part in one of these loans, or has any row that names one."""
    found = people_of_loans(loans)
    for model in (*FACTS.values(), *other_models()):
        columns = {it.name for it in model._meta.concrete_fields}
        for column in ("loan_id", "subject") if "person_id" in columns else ():
            if column in columns:
                rows = model._default_manager.filter(**{f"{column}__in": loans})
                found.update(rows.values_list("person_id", flat=True))
    return found - {None}


def other_models() -> list[type[models.Model]]:
    """Every table of ours besides the facts that names a person: a new one is found without being listed."""
    return [
        it
        for it in apps.get_models()
        if it.__module__.startswith("tideover.")
        and not issubclass(it, Fact | Person)
        and any(one.name == "person_id" for one in it._meta.concrete_fields)
    ]


def accounts() -> list[type[models.Model]]:
    """Tables that name a loan or a payment by its key, and nobody: where accounts are tied to the book."""
    named = set(apps.get_models()) - set(other_models())
    return [
        it
        for it in named
        if it.__module__.startswith("tideover.")
        and not issubclass(it, Fact)
        and {"loan_id", "payment_id"} & {one.name for one in it._meta.concrete_fields}
    ]
