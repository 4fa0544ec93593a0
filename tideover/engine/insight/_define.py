"""How an insight is written down.

An insight is a plain function: its name is the insight's name, its parameters are the columns it needs,
its docstring is the sentence people read. So the engine computes only what a strategy asks for.

    @derived("loan", unit=YES_NO, habit=True)
    def first_slip(late_before: Expr, days_past_due: Expr) -> Expr:
        "First missed instalment after a spotless history."
        return (late_before == 0) & (days_past_due > 0)
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import narwhals as nw

Expr = nw.Expr
Make = Callable[..., nw.Expr]


class Level(StrEnum):
    """Whose row an insight stands on."""

    LOAN = "loan"
    APPLICATION = "application"
    PERSON = "person"
    SUBJECT = "subject"


class Unit(StrEnum):
    """What a value counts; it also decides what it may be compared with."""

    YES_NO = "yes or no"
    DAYS = "days"
    DAY = "day number"
    MOMENT = "epoch seconds"
    COUNT = "times"
    MONEY = "minor units of the loan's currency"
    PPM = "parts per million"
    SHARE = "per 10,000"
    SCORE = "points"
    CODE = "code"


@dataclass(frozen=True)
class Insight:
    """One named fact that follows from recorded ones."""

    name: str
    says: str
    unit: Unit
    level: Level
    needs: tuple[str, ...]
    make: Make
    over: str = ""
    how: str = ""
    habit: bool = False
    neutral: int | bool | str | None = None

    @property
    def is_total(self) -> bool:
        """Is it a total over the rows of a table, rather than one expression on its own row?"""
        return bool(self.over)


REGISTRY: dict[tuple[Level, str], Insight] = {}
ROWS: dict[tuple[str, str], Insight] = {}


def _insight(make: Make, **given: object) -> Insight:
    says = inspect.cleandoc(make.__doc__ or "")
    if not says:
        raise ValueError(
            f"insight {make.__name__} has no sentence; write a docstring that says what it means"
        )
    return Insight(make.__name__, says, needs=tuple(inspect.signature(make).parameters), make=make, **given)  # type: ignore[arg-type]


def derived(
    level: str, *, unit: Unit, habit: bool = False, neutral: int | bool | str | None = None
) -> Callable[[Make], Insight]:
    """An insight computed on its own row from other columns of that row.

    `habit` marks what is learned from behaviour: a person may refuse that, and then reads `neutral`.
    """

    def define(make: Make) -> Insight:
        it = _insight(make, unit=unit, level=Level(level), habit=habit, neutral=neutral)
        return REGISTRY.setdefault((it.level, it.name), it)

    return define


def total(
    over: str, by: str, how: str, *, unit: Unit, habit: bool = False, neutral: int | bool | str | None = None
) -> Callable[[Make], Insight]:
    """An insight that sums, counts or takes the least or greatest over the rows of a table.

    `over` is the table, `by` the level whose key groups it, `how` one of sum, min, max.
    """

    def define(make: Make) -> Insight:
        it = _insight(make, unit=unit, level=Level(by), over=over, how=how, habit=habit, neutral=neutral)
        return REGISTRY.setdefault((it.level, it.name), it)

    return define


def row(table: str, *, unit: Unit) -> Callable[[Make], Insight]:
    """A column computed on each row of a table, for totals to build on."""

    def define(make: Make) -> Insight:
        it = _insight(make, unit=unit, level=Level.LOAN, over=table)
        return ROWS.setdefault((table, it.name), it)

    return define
