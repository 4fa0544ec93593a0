"""The rows of a book about some people, and about the loans they stand in: what judging a contact with them depends on."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from tideover.engine.facts import TABLES, Book
from tideover.engine.facts.slots import engine_schema

WHOLE = ("lender", "feeds")
"""Tables that are about nobody."""


def near(book: Book, people: Iterable[str]) -> dict[str, pl.DataFrame]:
    """Every table in engine types, narrowed to these people, their loans, and whoever else was told about those."""
    asked = pl.LazyFrame({"key": sorted(set(people))}, schema={"key": pl.String()})
    loans = _keys(
        _where(_rows(book, "loans"), "borrower_id", asked, "loan_id"),
        _where(_rows(book, "parties"), "person_id", asked, "loan_id"),
    )
    contacts = _rows(book, "contacts")
    about = _keys(
        _where(contacts, "subject", loans, "contact_id"),
        _where(_rows(book, "contact_topics"), "loan_id", loans, "contact_id"),
    )
    everybody = _keys(
        asked,
        _where(_rows(book, "loans"), "loan_id", loans, "borrower_id"),
        _where(contacts, "contact_id", about, "person_id"),
    )
    said = _keys(about, _where(contacts, "person_id", everybody, "contact_id"))
    keys = {"borrower_id": everybody, "person_id": everybody, "loan_id": loans, "contact_id": said}
    return {name: _narrowed(_rows(book, name), keys, whole=name in WHOLE) for name in TABLES}


def _rows(book: Book, name: str) -> pl.LazyFrame:
    rows: pl.LazyFrame = book.frame(name).to_native()
    return rows.select(pl.col(it).cast(kind) for it, kind in engine_schema(name).items())


def _where(rows: pl.LazyFrame, column: str, keys: pl.LazyFrame, take: str) -> pl.LazyFrame:
    return rows.join(keys, left_on=column, right_on="key", how="semi").select(key=pl.col(take))


def _keys(*parts: pl.LazyFrame) -> pl.LazyFrame:
    return pl.concat(parts).drop_nulls().unique().collect().lazy()


def _narrowed(rows: pl.LazyFrame, keys: dict[str, pl.LazyFrame], *, whole: bool) -> pl.DataFrame:
    if whole:
        return rows.collect()
    names = rows.collect_schema().names()
    parts = [
        rows.join(known, left_on=it, right_on="key", how="semi") for it, known in keys.items() if it in names
    ]
    return pl.concat(parts).unique().collect()
