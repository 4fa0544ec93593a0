"""Decisions counted in cells of rows that are alike. Every total is a sum of cells, so totals agree with each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import narwhals as nw

from tideover.engine.measure.where import EVERYBODY, Value, Where, codes

BY = ("at", "treatment", "purpose", "policy", "step", "channel", "arm", "reasons", "blocked_by")
"""What rows of a cell have in common."""


@dataclass(frozen=True)
class Cell:
    """Rows that are alike. `cost` in thousandths of the lender's currency unit; `example` is one of the people, or empty."""

    at: int
    treatment: str
    purpose: str | None
    policy: str | None
    step: str | None
    channel: str | None
    arm: str | None
    reasons: str
    blocked_by: str
    rows: int
    cost: int
    example: str

    def value(self, column: str) -> Value:
        """The value all its rows have in a column of BY."""
        found: Value = getattr(self, column)
        return found

    @property
    def because(self) -> str:
        """The first reason, which is the one that decided."""
        return codes(self.reasons)[0] if self.reasons else ""


@dataclass(frozen=True)
class Total:
    """A sum over rows, with the filter that finds them and some of the people behind it as (borrower, at)."""

    name: str
    where: Where
    rows: int
    cost: int
    examples: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Cells:
    """All rows of a run, counted once."""

    cells: tuple[Cell, ...]

    @cached_property
    def moments(self) -> tuple[int, ...]:
        """The moments decided, in order."""
        return tuple(sorted({cell.at for cell in self.cells}))

    def total(self, where: Where, name: str = "", examples: int = 6) -> Total:
        """The rows of a filter."""
        found = [cell for cell in self.cells if where.holds(cell.value)]
        shown = sorted({cell.example: cell.at for cell in reversed(found) if cell.example}.items())[:examples]
        return Total(name, where, sum(it.rows for it in found), sum(it.cost for it in found), tuple(shown))

    def by(self, column: str, where: Where = EVERYBODY) -> tuple[Total, ...]:
        """One total for each value of a column, or each code it holds; the greatest first."""
        values = {value for cell in self.cells if where.holds(cell.value) for value in _values(cell, column)}
        totals = [
            self.total(where.also(**{column: value}), str(value or "")) for value in sorted(values, key=str)
        ]
        return tuple(sorted(totals, key=lambda it: -it.rows))

    def only(self, treatment: str) -> Cells:
        """The cells of one treatment."""
        return Cells(tuple(cell for cell in self.cells if cell.treatment == treatment))

    def naming_nobody(self, open_codes: Callable[[str], str]) -> Cells:
        """The same sums without the people behind them; what may not be told to all who read totals is told as `open_codes` does."""
        return Cells(
            tuple(
                replace(
                    cell,
                    example="",
                    reasons=open_codes(cell.reasons),
                    blocked_by=open_codes(cell.blocked_by),
                )
                for cell in self.cells
            )
        )

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.cells)


def _values(cell: Cell, column: str) -> Iterable[Value]:
    held: dict[str, Callable[[], Iterable[Value]]] = {
        "reason": lambda: codes(cell.reasons),
        "blocked_by": lambda: codes(cell.blocked_by),
    }
    return held[column]() if column in held else [cell.value(column)]


def count(decisions: nw.LazyFrame) -> Cells:
    """Count decision rows on their own engine; only the few cells come back."""
    texts = {name: nw.col(name).fill_null("") for name in ("reasons", "blocked_by")}
    rows = (
        decisions.with_columns(**texts)
        .group_by(*BY)
        .agg(
            nw.len().cast(nw.Int64).alias("rows"),
            nw.col("cost").fill_null(0).sum(),
            nw.col("borrower_id").min().alias("example"),
        )
    )
    found = [Cell(**row) for row in rows.collect().rows(named=True)]
    return Cells(tuple(sorted(found, key=lambda cell: tuple(str(cell.value(name)) for name in BY))))
