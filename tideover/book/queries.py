"""What the book knows, for the engine: sets of people in, frames in engine types out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import narwhals as nw
import polars as pl
from django.db import connection

from tideover.book.models import FACTS, Import, fact_table
from tideover.engine.facts import TABLES, Table, without_later_ends
from tideover.engine.facts.slots import engine_schema
from tideover.engine.facts.versions import in_force
from tideover.kit.calendars import zone_names

T = TypeVar("T")
CHUNK = 500
FEW = ("lender", "feeds")
"""Tables that are about nobody and read whole."""


def people_of_loans(loans: Iterable[object]) -> set[str]:
    """Borrowers and all other parties of these loans."""
    ids = list(loans)
    borrowers = FACTS["loans"].objects.filter(loan_id__in=ids).values_list("borrower_id", flat=True)
    parties = FACTS["parties"].objects.filter(loan_id__in=ids).values_list("person_id", flat=True)
    return {str(it) for it in (*borrowers, *parties) if it}


def assumed() -> list[str]:
    """What the sources of this book assumed rather than knew: the latest import of each says so."""
    latest: dict[str, list[str]] = {it.source: list(it.assumes) for it in Import.objects.order_by("at", "pk")}
    return sorted({name for names in latest.values() for name in names})


def zones_of(people: Iterable[str]) -> dict[str, str]:
    """Each person's clock; whoever's is unknown is left out."""
    zones, known = dict[str, str](), zone_names()
    for some in chunks(set(people)):
        rows = FACTS["borrowers"].objects.filter(borrower_id__in=some).order_by("recorded_at", "id")
        zones |= {who: zone for who, zone in rows.values_list("borrower_id", "timezone") if zone in known}
    return zones


def loans_of(people: Iterable[str]) -> set[str]:
    """The loans these people took."""
    return {str(it) for it in _column("loans", "loan_id", {"borrower_id": list(people)})}


def known_about(people: Iterable[str], at: datetime) -> dict[str, pl.DataFrame]:
    """Every table with the rows about these people, and about the loans they stand in, as known at a moment."""
    return known_at(versions_about(people), at)


def versions_about(people: Iterable[str]) -> dict[str, pl.DataFrame]:
    """Every table with all versions of the rows about these people, and about the loans they stand in.

    With them come the loans' borrowers and whoever was told about those loans, whose clocks such rows are read by.
    """
    asked = sorted(set(people))
    loans = _column("loans", "loan_id", {"borrower_id": asked}) | _column(
        "parties", "loan_id", {"person_id": asked}
    )
    said = _column("contacts", "contact_id", {"subject": loans}) | _column(
        "contact_topics", "contact_id", {"loan_id": loans}
    )
    beside = _column("loans", "borrower_id", {"loan_id": loans}) | _column(
        "contacts", "person_id", {"contact_id": said}
    )
    everybody = {*asked, *beside}
    contacts = said | _column("contacts", "contact_id", {"person_id": everybody})
    keys = {"borrower_id": everybody, "person_id": everybody, "loan_id": loans, "contact_id": contacts}
    return {name: _versions(table, keys) for name, table in TABLES.items()}


def known_at(versions: Mapping[str, pl.DataFrame], at: datetime) -> dict[str, pl.DataFrame]:
    """Of each row the version in force at a moment, its later ends unknown."""
    return {name: _known(TABLES[name], rows, int(at.timestamp())) for name, rows in versions.items()}


def known_later(versions: Mapping[str, pl.DataFrame], people: Iterable[str], at: datetime) -> set[str]:
    """Those of these people about whom something is written that becomes known only after a moment.

    That is so for a second where a fact changed twice, and for longer where a clock ran ahead and was put back.
    """
    asked, moment = set(people), int(at.timestamp())
    owners = versions["loans"].sort("recorded_at").select("loan_id", "borrower_id").iter_rows()
    loans = {loan: borrower for loan, borrower in owners if borrower in asked}
    found: set[str] = set()
    for name, rows in versions.items():
        owner = TABLES[name].person or ("loan_id" if "loan_id" in TABLES[name].names else "")
        if owner and not rows.is_empty():
            found.update(rows.filter(pl.col("recorded_at") > moment)[owner].drop_nulls())
    return {str(loans.get(it, it)) for it in found if it in asked or it in loans}


def _column(table: str, column: str, keys: dict[str, Iterable[object]]) -> set[object]:
    found: set[object] = set()
    for name, values in keys.items():
        for chunk in chunks(values):
            rows = FACTS[table].objects.filter(**{f"{name}__in": chunk})
            found.update(rows.values_list(column, flat=True).distinct())
    return found - {None}


def _versions(table: Table, keys: dict[str, set[object]] | dict[str, Iterable[object]]) -> pl.DataFrame:
    """Every version of each row that has one of these keys."""
    frames = [pl.DataFrame(schema=engine_schema(table.name))]
    if table.name in FEW:
        frames.append(_select(table, "", []))
    for name in (it for it in keys if it in table.names):
        frames += [_select(table, name, chunk) for chunk in chunks(keys[name])]
    return pl.concat(frames).unique() if any(not it.is_empty() for it in frames) else frames[0]


def _known(table: Table, versions: pl.DataFrame, at: int) -> pl.DataFrame:
    if versions.is_empty():
        return versions
    known = without_later_ends(table, in_force(table, nw.from_native(versions.lazy()), at), at)
    rows: pl.DataFrame = known.to_native().collect()
    return rows


def _select(table: Table, by: str, values: list[object]) -> pl.DataFrame:
    quoted = ", ".join(connection.ops.quote_name(name) for name in table.names)
    query = f"SELECT {quoted} FROM {connection.ops.quote_name(fact_table(table.name))}"  # noqa: S608 - names of ours
    if by:
        query += f" WHERE {connection.ops.quote_name(by)} IN ({', '.join(['%s'] * len(values))})"
    with connection.cursor() as cursor:
        cursor.execute(query, [str(it) for it in values])
        rows = cursor.fetchall()
    return framed(rows, engine_schema(table.name))


def framed(rows: Sequence[tuple[object, ...]], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Rows of a cursor as a frame; SQLite says yes or no in numbers."""
    if not rows:
        return pl.DataFrame(schema=schema)
    loose = {name: pl.Int64() if kind == pl.Boolean else kind for name, kind in schema.items()}
    return in_types(
        pl.DataFrame(rows, schema=loose if connection.vendor == "sqlite" else schema, orient="row"), schema
    )


def in_types(rows: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Engine types, whatever a driver made of an empty or a yes-or-no column."""
    return rows.select(
        pl.col(name).cast(pl.Int64).cast(kind) if kind == pl.Boolean else pl.col(name).cast(kind)
        for name, kind in schema.items()
    )


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The values in order, so many at a time: a database takes only so many in one question."""
    every = sorted(values, key=str)
    for start in range(0, len(every), size):
        yield every[start : start + size]
