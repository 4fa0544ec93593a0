"""Whom a trial looks at: people drawn by their seed, and the company their decisions depend on.

A loan told to its borrower counts as told to its guarantor, so a drawn person is decided beside everyone who stands in
a loan with her, and with them, until nobody is missing. The company is decided too, but only the drawn are counted:
each person had the same chance. A smaller sample lies wholly within a larger one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import narwhals as nw
import polars as pl

from tideover.engine.decision.whole_book import in_polars
from tideover.engine.facts import Book
from tideover.engine.facts.sources import PolarsEngine, Wanted
from tideover.engine.facts.versions import REPLACED_AT

WHOLE = 10_000
PERSON = ("person_id", "borrower_id")


@dataclass(frozen=True)
class Sample:
    """A book in memory, only with the people that matter. `drawn` has borrower_id; `share` is per 10,000."""

    book: Book
    drawn: pl.DataFrame
    share: int
    of: int

    @property
    def is_everybody(self) -> bool:
        return self.share == WHOLE


def draw(book: Book, share: int, start: int, until: int) -> Sample:
    """Draw a share (per 10,000) of the people, always the same ones, and read what is known between two moments."""
    people = in_polars(book.as_of(until).frame("borrowers").select("borrower_id", "seed"))
    drawn = people.filter(pl.col("seed") % WHOLE < share).select("borrower_id").sort("borrower_id")
    if share >= WHOLE:
        return Sample(_remembered(book, None, start, until), drawn, WHOLE, people.height)
    return Sample(_remembered(book, _company(book, drawn), start, until), drawn, share, people.height)


@dataclass(frozen=True)
class _Company:
    people: pl.Series
    loans: pl.Series


def _company(book: Book, drawn: pl.DataFrame) -> _Company:
    """Everyone reached from the drawn over loans that two people share."""
    own = in_polars(book.frame("loans").select("loan_id", nw.col("borrower_id").alias("person_id")))
    others = in_polars(book.frame("parties").select("loan_id", "person_id"))
    stands_in = pl.concat([own, others]).unique()
    people, before = drawn.rename({"borrower_id": "person_id"}), -1
    while people.height != before:
        before = people.height
        loans = stands_in.join(people, on="person_id", how="semi").select("loan_id").unique()
        beside = stands_in.join(loans, on="loan_id", how="semi").select("person_id")
        people = pl.concat([people, beside]).unique()
    return _Company(people["person_id"], loans["loan_id"])


def _remembered(book: Book, company: _Company | None, start: int, until: int) -> Book:
    return replace(book, engine=_Remembering(company, start, until))


class _Remembering:
    """Reads each file once and keeps of it what the trial can see; every later scan is of memory."""

    name = "polars"
    shares_work = False

    def __init__(self, company: _Company | None, start: int, until: int) -> None:
        self._company, self._start, self._until = company, start, until
        self._kept: dict[tuple[tuple[Path, ...], tuple[Wanted, ...]], pl.LazyFrame] = {}
        self._disk = PolarsEngine()

    def scan(self, files: Sequence[Path], wanted: Sequence[Wanted]) -> nw.LazyFrame:
        known = (tuple(files), tuple(wanted))
        if known not in self._kept:
            rows: pl.LazyFrame = self._disk.scan(files, wanted).to_native()
            names = {it.name for it in wanted}
            self._kept[known] = self._of_company(self._in_time(rows, names), names).collect().lazy()
        return nw.from_native(self._kept[known])

    def _in_time(self, rows: pl.LazyFrame, names: set[str]) -> pl.LazyFrame:
        rows = rows.filter(pl.col("recorded_at") <= self._until)
        if REPLACED_AT in names:
            rows = rows.filter(pl.col(REPLACED_AT).is_null() | (pl.col(REPLACED_AT) > self._start))
        return rows

    def _of_company(self, rows: pl.LazyFrame, names: set[str]) -> pl.LazyFrame:
        if self._company is None:
            return rows
        people, loans = self._company.people.implode(), self._company.loans.implode()
        person = next((name for name in PERSON if name in names), None)
        of_loan = pl.col("loan_id").is_in(loans) if "loan_id" in names else None
        if person is None:
            return rows if of_loan is None else rows.filter(of_loan)
        of_person = pl.col(person).is_in(people)
        # A promise may not say who made it; its loan does.
        of_nobody = pl.lit(False) if of_loan is None else pl.col(person).is_null() & of_loan
        return rows.filter(of_person | of_nobody)
