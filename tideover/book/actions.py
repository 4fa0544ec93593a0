"""Verbs that write facts. Each is one transaction, and moves `facts_version` of everybody whom the fact is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime, timedelta

import polars as pl
from django.db import connection, transaction
from django.db.models import F

from tideover.book.bulk import pour
from tideover.book.here import erased_among
from tideover.book.models import FACTS, Fact, Person, fact_table
from tideover.book.queries import chunks, people_of_loans
from tideover.engine.facts import TABLES, Table
from tideover.kit.errors import Refused
from tideover.kit.ids import seed_of

Row = Mapping[str, object]
BATCH = 500
AT_ONCE = 5_000
SECOND = timedelta(seconds=1)


class NotInContract(Refused):
    """A fact has a column that its table does not have, or lacks one that it must have."""


@transaction.atomic
def record(table: str, rows: Sequence[Row], *, source: str, at: datetime) -> list[Fact]:
    """Add versions of facts, as they became known at a moment. What is not given is unknown. Raises NotInContract.

    A version that says just what the latest one of its key says adds nothing. Facts are told to the second: a second
    version within one is of the next, so that what came last is believed. What was on its way about somebody while she was
    erased goes with her.
    """
    made = [_made(table, row, source=source, at=at) for row in rows]
    known = latest(table, made)
    for it, row in zip(made, rows, strict=True):
        _after(it, known.get(_key(it)), is_dated="recorded_at" in row)
    new = [it for it in made if not _says_the_same(it, known.get(_key(it)))]
    about = _about(table, new)
    if erased := erased_among(about):
        new = _without(erased, new)
    if table == "borrowers":
        _ensure_people(new)
    FACTS[table].objects.bulk_create(new, batch_size=BATCH)
    touch(about - erased)
    return new


@transaction.atomic
def record_new(table: str, rows: pl.DataFrame, *, source: str, at: datetime) -> int:
    """Add many facts whose keys nobody has used yet, in the types of the engine. How many are new. Raises NotInContract."""
    spec, moment = TABLES[table], int(at.timestamp())
    _check(spec, rows.columns, [name for name in spec.key if name not in rows.columns])
    given = {"recorded_at": moment} | {
        it.name: it.otherwise for it in spec.columns if it.otherwise is not None
    }
    absent = {name: value for name, value in given.items() if name not in rows.columns}
    whole = rows.with_columns(pl.lit(value).alias(name) for name, value in absent.items())
    # The source is a word of ours, never anybody's input.
    added = pour(whole, fact_table(table), given={"provenance": f"'{source}'"})
    about = set(rows[spec.person].drop_nulls()) if spec.person else set()
    for some in chunks(set(rows["loan_id"].drop_nulls()) if "loan_id" in rows.columns else ()):
        about |= people_of_loans(some)
    touch(about)
    return added


@transaction.atomic
def revise(table: str, keys: Iterable[str], changes: Row, *, source: str, at: datetime) -> set[str]:
    """Add a version that says something else to facts about a person, told by one key each. The keys of those there are.

    Nothing is read into Python: for the thousands of facts that change alike. As with `record`, the new version comes
    after the latest one.
    """
    model, (key,), quote = FACTS[table], TABLES[table].key, connection.ops.quote_name
    fields = {it.attname: it for it in model._meta.concrete_fields}
    new = {name: fields[name].get_db_prep_save(told, connection) for name, told in changes.items()}
    names = [name for name in TABLES[table].names if name not in (*changes, "recorded_at")]
    into = ", ".join(map(quote, [*names, *new, "recorded_at", "provenance"]))
    values = ", ".join([*(f"last.{quote(name)}" for name in names), *["%s"] * len(new)])
    of_it, person = fact_table(table), quote(str(TABLES[table].person))
    found: set[tuple[str, str]] = set()
    for some in chunks(keys):
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {of_it} ({into}) SELECT {values}, "  # noqa: S608 - names of ours
                f"CASE WHEN last.recorded_at < %s THEN %s ELSE last.recorded_at + 1 END, %s FROM {of_it} last "
                f"WHERE last.{key} IN ({', '.join(['%s'] * len(some))}) AND last.recorded_at = "
                f"(SELECT max(recorded_at) FROM {of_it} every WHERE every.{key} = last.{key}) RETURNING {key}, {person}",
                [*new.values(), int(at.timestamp()), int(at.timestamp()), source, *map(str, some)],
            )
            found.update(cursor.fetchall())
    touch(who for _, who in found)
    return {which for which, _ in found}


def latest(table: str, of: Iterable[Fact]) -> dict[tuple[object, ...], Fact]:
    """The latest known version of each key that occurs in these facts."""
    spec, first = TABLES[table], TABLES[table].key[0]
    keys = {_key(it) for it in of}
    firsts = {getattr(it, first) for it in of}
    found = FACTS[table].objects.filter(**{f"{first}__in": firsts}).order_by("recorded_at", "id")
    return {key: it for it in found if (key := tuple(getattr(it, name) for name in spec.key)) in keys}


def touch(people: Iterable[str]) -> None:
    """Something about these people has changed: what was decided about them is looked at again before it leaves."""
    for chunk in chunks(set(people), AT_ONCE):
        Person.objects.filter(person_id__in=chunk).update(facts_version=F("facts_version") + 1)


def _made(table: str, row: Row, *, source: str, at: datetime) -> Fact:
    spec = TABLES[table]
    given = {
        "recorded_at": at,
        **{it.name: it.otherwise for it in spec.columns if it.otherwise is not None},
        **row,
    }
    absent = [name for name in spec.key if given.get(name) is None]
    _check(spec, row, absent)
    if table == "borrowers":
        given["seed"] = seed_of(str(given["borrower_id"]))
    return FACTS[table](**given, provenance=source)


def _check(table: Table, columns: Iterable[str], absent: Sequence[str]) -> None:
    strange = sorted(set(columns) - set(table.names))
    if strange or absent:
        told = [
            *(f"it has no column '{it}'" for it in strange),
            *(f"'{it}' is missing" for it in absent),
        ]
        raise NotInContract(f"A row of '{table.name}' cannot be kept: " + "; ".join(told))


def _after(fact: Fact, last: Fact | None, *, is_dated: bool) -> None:
    """Moves a version behind the latest one of its key, unless its source dates it."""
    if last is not None and not is_dated:
        earliest = last.recorded_at + SECOND  # type: ignore[attr-defined]
        fact.recorded_at = max(fact.recorded_at, earliest)  # type: ignore[attr-defined]


def _key(fact: Fact) -> tuple[object, ...]:
    return tuple(getattr(fact, name) for name in fact.table.key)


def _says_the_same(one: Fact, other: Fact | None) -> bool:
    names = (column.name for column in one.table.columns)
    return other is not None and all(getattr(one, name) == getattr(other, name) for name in names)


def _ensure_people(borrowers: Sequence[Fact]) -> None:
    Person.objects.bulk_create(
        [Person(person_id=it.borrower_id, branch=it.branch or "") for it in borrowers],  # type: ignore[attr-defined]
        update_conflicts=True, unique_fields=["person_id"], update_fields=["branch"],
    )  # fmt: skip


def _person(fact: Fact) -> object:
    return getattr(fact, fact.table.person or "person_id", None)


def _without(erased: Set[str], facts: Sequence[Fact]) -> list[Fact]:
    """Facts about none of these; nor money of theirs, which is told of a loan alone: what they owed has other keys by now."""
    loans = {it.loan_id for it in facts if _is_of_a_loan_alone(it)}  # type: ignore[attr-defined]
    known = set(FACTS["loans"].objects.filter(loan_id__in=loans).values_list("loan_id", flat=True))
    return [
        it
        for it in facts
        if _person(it) not in erased and not (_is_of_a_loan_alone(it) and it.loan_id not in known)  # type: ignore[attr-defined]
    ]


def _is_of_a_loan_alone(fact: Fact) -> bool:
    return not fact.table.person and "person_id" not in fact.table.names and "loan_id" in fact.table.names


def _about(table: str, facts: Sequence[Fact]) -> set[str]:
    """Everybody whom these facts are about: their person, and all who stand in the loan."""
    person = TABLES[table].person
    people = {str(getattr(it, person)) for it in facts} if person else set()
    people |= {str(it.person_id) for it in facts if table == "parties"}  # type: ignore[attr-defined]
    loans = {it.loan_id for it in facts if "loan_id" in TABLES[table].names and it.loan_id}  # type: ignore[attr-defined]
    return people | (people_of_loans(loans) if loans else set())
