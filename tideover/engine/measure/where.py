"""Which decisions a total counts, as a value: so that every total can name its rows and lead to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

import narwhals as nw

Value = str | int | None
HELD = {"reason": "reasons", "blocked_by": "blocked_by"}
"""A row holds several of these in one text, separated by commas: the name to ask by, and the column."""
PARTS = ",@"
"""`code@channel` is a code that closed one channel."""


@dataclass(frozen=True)
class Where:
    """Conditions that a decision row meets, all of them: a column and its value, or a code that the row holds."""

    conditions: tuple[tuple[str, Value], ...] = ()

    @staticmethod
    def of(**conditions: Value) -> Where:
        """Where(treatment="human", blocked_by="no_address"): of several values a row must have each."""
        return Where(tuple(conditions.items()))

    def also(self, **conditions: Value) -> Where:
        """The same, narrower."""
        return Where((*self.conditions, *conditions.items()))

    def rows(self, decisions: nw.LazyFrame) -> nw.LazyFrame:
        """The rows themselves, on whatever engine they are."""
        if not self.conditions:
            return decisions
        return decisions.filter(reduce(lambda a, b: a & b, (_as_column(*it) for it in self.conditions)))

    def holds(self, value_of: Callable[[str], Value]) -> bool:
        """Whether a group of rows that are alike is among them; `value_of` gives the group's value of a column."""
        return all(_held(name, value, value_of(HELD.get(name, name))) for name, value in self.conditions)

    @property
    def sql(self) -> str:
        """The same as a condition in SQL, for whoever looks into the written decisions with DuckDB or the like."""
        return " and ".join(_in_sql(*it) for it in self.conditions) or "true"

    def __str__(self) -> str:
        return " and ".join(_said(*it) for it in self.conditions) or "every row"


def codes(text: Value) -> tuple[str, ...]:
    """The different codes of a text such as `no_address@app,no_address@push,default_budget_week`, in their order."""
    return tuple(dict.fromkeys(part.split("@")[0] for part in str(text or "").split(",") if part))


def _held(name: str, value: Value, found: Value) -> bool:
    return str(value) in codes(found) if name in HELD else found == value


def _as_column(name: str, value: Value) -> nw.Expr:
    if name in HELD:
        text = nw.concat_str(nw.lit(","), nw.col(HELD[name]).fill_null(""), nw.lit(","), separator="")
        return reduce(
            lambda a, b: a | b, (text.str.contains(f",{value}{end}", literal=True) for end in PARTS)
        )
    return nw.col(name).is_null() if value is None else nw.col(name) == value


def _in_sql(name: str, value: Value) -> str:
    if value is None:
        return f"{name} is null"
    if name in HELD:
        return f"regexp_matches({HELD[name]}, {_quoted(f'(^|,){value}($|[,@])')})"
    return f"{name} = {value if isinstance(value, int) else _quoted(value)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _said(name: str, value: Value) -> str:
    if name in HELD:
        return f"{HELD[name]} holds '{value}'"
    return f"{name} is empty" if value is None else f"{name} = {value}"


EVERYBODY = Where()
