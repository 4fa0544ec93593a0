"""What the book knows of one person, in words: table by table, each value with its unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from tideover.book.queries import known_about
from tideover.engine.facts import TABLES, Kind, Table
from tideover.kit.amounts import show_amount
from tideover.kit.days import date_of, datetime_of

TOLD: Mapping[str, tuple[str, ...]] = {
    "loans": ("loan_id", "product", "kind", "principal", "disbursed_on", "closed_on"),
    "instalments": ("loan_id", "number", "due_on", "principal", "interest", "fees", "paid", "settled_on"),
    "payments": ("paid_at", "loan_id", "amount", "way", "state_at", "reversed_at"),
    "promises": ("on", "loan_id", "amount", "made_at", "origin", "end"),
    "plans": ("loan_id", "kind", "from_on", "until_on", "end"),
    "holds": ("kind", "loan_id", "from_at", "until_at"),
    "lateness_reasons": ("need", "loan_id", "told_at", "via"),
    "preferences": ("name", "value", "set_at"),
    "consents": ("channel", "purpose_class", "granted_at", "withdrawn_at"),
    "contact_points": ("channel", "state", "verified_at", "until"),
    "complaints": ("what", "state", "at", "closed_at"),
}
"""The tables that staff read about a person, and which columns of them."""

MOST = 12
"""Rows of one table on a page; the newest, save of the schedule."""


@dataclass(frozen=True)
class Cell:
    """One value as it is read, and whether it is a number."""

    text: str
    is_number: bool = False


@dataclass(frozen=True)
class Facts:
    """One table about somebody."""

    name: str
    meaning: str
    columns: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left_out: int


def story_of(person: str, at: datetime, *, hidden_holds: frozenset[str]) -> tuple[Facts, ...]:
    """Every table that says something about a person; holds that the reader may not see are not there."""
    tables = known_about([person], at)
    mine = tables["loans"].filter(pl.col("borrower_id") == person)
    currencies = dict(tables["loans"].select("loan_id", "currency").iter_rows())
    found = []
    for name, columns in TOLD.items():
        rows = _about(tables[name], TABLES[name], person, mine["loan_id"].to_list())
        if name == "holds":
            rows = rows.filter(~pl.col("kind").is_in(list(hidden_holds)))
        if rows.height:
            found.append(_told(TABLES[name], columns, rows, currencies))
    return tuple(found)


def _about(rows: pl.DataFrame, table: Table, person: str, loans: list[str]) -> pl.DataFrame:
    if table.person:
        return rows.filter(pl.col(table.person) == person)
    return rows.filter(pl.col("loan_id").is_in(loans))


def _told(table: Table, columns: tuple[str, ...], rows: pl.DataFrame, currencies: Mapping[str, str]) -> Facts:
    kinds = {it.name: it.kind for it in table.every}
    order = ["loan_id", "number"] if table.name == "instalments" else ["recorded_at"]
    newest = rows.sort(order, descending=table.name != "instalments").head(
        MOST if table.name != "instalments" else 60
    )
    kept = tuple(
        name for name in columns if name in ("loan_id",) or newest[name].null_count() < newest.height
    )
    told = tuple(
        tuple(_cell(row[name], kinds[name], currencies.get(str(row.get("loan_id")))) for name in kept)
        for row in newest.iter_rows(named=True)
    )
    return Facts(
        table.name.replace("_", " "), table.meaning, tuple(_heading(it, kinds[it]) for it in kept), told,
        rows.height - newest.height,
    )  # fmt: skip


def _heading(column: str, kind: Kind) -> Cell:
    return Cell(column.replace("_", " ").removesuffix(" id"), is_number=kind in (Kind.MONEY, Kind.COUNT))


def _cell(value: object, kind: Kind, currency: str | None) -> Cell:
    if value is None:
        return Cell("")
    if kind is Kind.DAY and isinstance(value, int):
        return Cell(f"{date_of(value):%a %d %b %Y}")
    if kind is Kind.MOMENT and isinstance(value, int):
        return Cell(f"{datetime_of(value):%a %d %b %Y %H:%M}")
    if kind is Kind.MONEY and isinstance(value, int):
        return Cell(show_amount(value, currency, "en") if currency else str(value), is_number=True)
    said = str(value).replace("_", " ") if kind is Kind.CODE else str(value)
    return Cell(said, is_number=kind is Kind.COUNT)
