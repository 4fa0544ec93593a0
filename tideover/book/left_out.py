"""Rows of a book that stay outside: whatever leads to somebody whom the lender has erased."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from tideover.engine.facts import TABLES, Book

PEOPLE, LOANS, CONTACTS = ("borrower_id", "person_id"), ("loan_id", "subject"), ("contact_id",)
WhoIsOut = Callable[[Iterable[str]], set[str]]
"""Of these keys of people, those that must not come in."""


@dataclass(frozen=True)
class LeftOut:
    """Keys of people, their loans and what was said to them, by the columns that may hold them."""

    keys: Mapping[str, frozenset[str]]

    @property
    def people(self) -> int:
        """How many people stay outside."""
        return len(self.keys.get(PEOPLE[0], ()))

    def without(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of a table that lead to none of them."""
        tests = [
            pl.col(name).is_in(sorted(keys)).fill_null(value=False)
            for name, keys in self.keys.items()
            if keys and name in rows.columns
        ]
        return rows.filter(~pl.any_horizontal(tests)) if tests else rows


def left_out(book: Book, who_is_out: WhoIsOut) -> LeftOut:
    """Who of a book stays outside, with the keys that lead to them."""
    people = who_is_out(_named(book))
    if not people:
        return LeftOut({})
    loans = _of(book, "loans", "loan_id", "borrower_id", people)
    contacts = _of(book, "contacts", "contact_id", "person_id", people)
    told = (PEOPLE, people), (LOANS, loans), (CONTACTS, contacts)
    return LeftOut({name: frozenset(keys) for names, keys in told for name in names})


def _named(book: Book) -> set[str]:
    """Everybody whom any table names."""
    found: set[str] = set()
    for table in book.shelf.names:
        for name in set(PEOPLE) & set(TABLES[table].names):
            rows: pl.DataFrame = book.frame(table).select(name).unique().collect().to_native()
            found.update(rows[name].drop_nulls().to_list())
    return found


def _of(book: Book, table: str, key: str, by: str, people: set[str]) -> set[str]:
    if table not in book.shelf.names:
        return set()
    rows: pl.DataFrame = book.frame(table).select(key, by).collect().to_native()
    return set(rows.filter(pl.col(by).is_in(sorted(people)))[key].to_list())
