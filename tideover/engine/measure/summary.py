"""What a run decided, in sums: each total names the rows behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

import narwhals as nw
from rich.console import Console
from rich.table import Table

from tideover.engine.measure.cells import Cells, Total, count
from tideover.engine.measure.report import CALLED, WRITTEN
from tideover.engine.measure.where import EVERYBODY, Where
from tideover.engine.measure.words import TREATMENTS, label, plural

SHOWN = 10
"""Rows of a section; the page has them all."""

SECTIONS: tuple[tuple[str, str, Where], ...] = (
    ("treatment", "treatment", Where()),
    ("purpose", "purpose of messages", WRITTEN),
    ("channel", "channel of messages", WRITTEN),
    ("purpose", "purpose of calls", CALLED),
    ("reason", "reason", Where()),
    ("blocked_by", "what stood in the way", Where()),
)


@dataclass(frozen=True)
class Summary:
    """The sums of a run. Costs in thousandths of the lender's currency unit; what waits costs nothing yet."""

    cells: Cells
    topics: int
    offers: Mapping[str, int]

    @property
    def people(self) -> int:
        return self.cells.total(Where()).rows

    @property
    def contacts(self) -> int:
        return self.cells.total(WRITTEN).rows

    @property
    def human_calls(self) -> int:
        return self.cells.total(CALLED).rows

    @property
    def waits(self) -> int:
        return self.cells.total(Where.of(treatment="wait")).rows

    @property
    def left_in_peace(self) -> int:
        return self.cells.total(Where.of(treatment="none")).rows

    @property
    def cost(self) -> int:
        return self.cells.total(WRITTEN).cost + self.cells.total(CALLED).cost

    def by(self, column: str, where: Where = EVERYBODY) -> tuple[Total, ...]:
        """Totals by treatment, purpose, policy, step, channel, arm, reason or blocked_by; `Total.where` finds the rows."""
        return self.cells.by(column, where)

    def as_text(self, width: int = 100) -> str:
        """The summary as a table for a terminal."""
        console = Console(file=StringIO(), width=width, highlight=False)
        console.print(self._table())
        for line in self._further():
            console.print(line, markup=False)
        file = console.file
        assert isinstance(file, StringIO)  # noqa: S101 - made five lines above
        return file.getvalue()

    def _table(self) -> Table:
        table = Table(title=f"{self.people:,} people decided", title_justify="left")
        table.add_column("what")
        table.add_column("", overflow="fold")
        table.add_column("people", justify="right")
        table.add_column("cost", justify="right")
        for column, title, where in SECTIONS:
            table.add_section()
            totals = self.by(column, where)
            for place, total in enumerate(totals[:SHOWN]):
                name = (
                    TREATMENTS[total.name][0]
                    if column == "treatment" and total.name in TREATMENTS
                    else label(total.name)
                )
                cost = self._cost(total) if column != "blocked_by" else ""
                table.add_row(title if place == 0 else "", name, f"{total.rows:,}", cost)
            if left := totals[SHOWN:]:
                table.add_row("", f"{len(left)} more", f"{sum(it.rows for it in left):,}", "")
        return table

    def _cost(self, total: Total) -> str:
        spent = sum(self.cells.total(total.where.also(treatment=made)).cost for made in ("contact", "human"))
        return f"{spent / 1000:,.2f}" if spent else ""

    def _further(self) -> Iterator[str]:
        yield f"Contacts cost {self.cost / 1000:,.2f} (units of the lender's currency)."
        if self.topics:
            yield f"{plural(self.topics, 'further loan')} told of in the same contact."
        if self.offers:
            yield (
                "Offers of help: "
                + ", ".join(f"{label(name)} {times:,}" for name, times in self.offers.items())
                + "."
            )


def summary(decisions: nw.LazyFrame, topics: nw.LazyFrame, offers: nw.LazyFrame) -> Summary:
    """Sum the tables of a run, on their own engine."""
    return Summary(count(decisions), topics_counted(topics), offers_counted(offers))


def topics_counted(topics: nw.LazyFrame) -> int:
    """How many further subjects contacts were about, besides their main one."""
    found = topics.filter(nw.col("is_main") == 0).select(nw.len().alias("rows")).collect()
    return int(found.rows(named=True)[0]["rows"])


def offers_counted(offers: nw.LazyFrame) -> Mapping[str, int]:
    """How often each offer of help goes out, the most frequent first."""
    rows = offers.group_by("offer").agg(nw.len().alias("rows")).collect().rows(named=True)
    counted = {str(row["offer"]): int(row["rows"]) for row in rows}
    return dict(sorted(counted.items(), key=lambda it: (-it[1], it[0])))
