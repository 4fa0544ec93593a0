"""From recorded rows to insights: only what is asked for, one group-by a table, one join a group-by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import narwhals as nw

from tideover.engine.insight._define import REGISTRY, ROWS, Insight, Level

Keys = tuple[str, ...]
Registry = Mapping[tuple[Level, str], Insight]
MADE_FROM = {"loan_holds": "holds", "told": "contacts", "answers": "contacts"}
"""Tables made from another share its row columns."""

KEYS = {Level.LOAN: "loan_id", Level.PERSON: "person_id", Level.APPLICATION: "application_id"}


@dataclass
class Asked:
    """The insights to compute, each after those it needs."""

    registry: Registry = field(default_factory=lambda: REGISTRY)
    order: list[Insight] = field(default_factory=list)

    def ask(self, level: Level, name: str) -> None:
        """Add an insight and all it needs; a name that is no insight is a recorded column."""
        insight = self.registry.get((level, name))
        if insight is None or insight in self.order:
            return
        source = Level.LOAN if insight.over == "loans" else level
        for need in insight.needs if not insight.is_total or insight.over == "loans" else ():
            self.ask(source, need)
        self.order.append(insight)

    def totals(self, level: Level) -> dict[str, list[Insight]]:
        """The totals of a level by the table they run over."""
        tables: dict[str, list[Insight]] = {}
        for it in self.order:
            if it.level is level and it.is_total:
                tables.setdefault(it.over, []).append(it)
        return tables

    def derived(self, level: Level) -> list[Insight]:
        """The expressions of a level, each after those it needs."""
        return [it for it in self.order if it.level is level and not it.is_total]

    def of_a_party(self) -> list[Insight]:
        """The expressions of a loan that follow from what one of its parties was told, each after those it needs."""
        told = {it.name for it in self.totals(Level.LOAN).get("told", ())}
        return following(told, self.derived(Level.LOAN))


def totals(rows: nw.LazyFrame, table: str, keys: Keys, wanted: list[Insight]) -> Group:
    """The wanted totals over the rows of a table, one row for each value of its keys."""
    rows = derive(rows, row_insights(table, wanted))
    rows = rows.select(*keys, *(_column(it) for it in wanted)).filter(~nw.col(keys[0]).is_null())
    return Group(
        rows.group_by(*keys).agg(*(getattr(nw.col(it.name), it.how)() for it in wanted)), keys, wanted
    )


def _column(insight: Insight) -> nw.Expr:
    return insight.make(*(nw.col(need) for need in insight.needs)).alias(insight.name)


def _masked(insight: Insight, value: nw.Expr, refuses: str) -> nw.Expr:
    return nw.when(~nw.col(refuses)).then(value).otherwise(nw.lit(insight.neutral)).alias(insight.name)


def following(columns: Iterable[str], order: Iterable[Insight]) -> list[Insight]:
    """Those of the insights that need one of the columns, or one that does."""
    known, found = set(columns), []
    for it in order:
        if known & set(it.needs):
            known.add(it.name)
            found.append(it)
    return found


def row_insights(table: str, wanted: Iterable[Insight]) -> list[Insight]:
    """The row columns that totals over a table need, each after those it needs."""
    order: list[Insight] = []

    def visit(name: str) -> None:
        it = ROWS.get((table, name)) or ROWS.get((MADE_FROM.get(table, table), name))
        if it is None or it in order:
            return
        for need in it.needs:
            visit(need)
        order.append(it)

    for insight in wanted:
        for need in insight.needs:
            visit(need)
    return order


def derive(frame: nw.LazyFrame, insights: Iterable[Insight], refuses: str = "") -> nw.LazyFrame:
    """Add expressions in as few passes as their needs allow.

    `refuses` names the flag of whoever refused to be studied: a habit reads neutral at once, so that what follows from
    it does too.
    """
    waiting = list(insights)
    while waiting:
        names = {it.name for it in waiting}
        ready = [it for it in waiting if not names & set(it.needs)]
        columns = [_masked(it, _column(it), refuses) if refuses and it.habit else _column(it) for it in ready]
        frame = frame.with_columns(*columns)
        waiting = [it for it in waiting if it not in ready]
    return frame


@dataclass(frozen=True)
class Group:
    """Totals over one table: one row for each value of the keys."""

    frame: nw.LazyFrame
    keys: Keys
    insights: list[Insight]


def joined(frame: nw.LazyFrame, keys: Keys, groups: Iterable[Group]) -> nw.LazyFrame:
    """Join grouped totals; a person or loan with no rows has sums of zero and unknown extremes."""
    for group in groups:
        frame = frame.join(group.frame, left_on=list(keys), right_on=list(group.keys), how="left")
        sums = [nw.col(it.name).fill_null(0) for it in group.insights if it.how == "sum"]
        frame = frame.with_columns(*sums) if sums else frame
    return frame


def masked(frame: nw.LazyFrame, insights: Iterable[Insight], refuses: str = "do_not_study") -> nw.LazyFrame:
    """Give whoever refused to be studied the neutral value of each habit."""
    habits = [it for it in insights if it.habit]
    if not habits:
        return frame
    return frame.with_columns(*(_masked(it, nw.col(it.name), refuses) for it in habits))
