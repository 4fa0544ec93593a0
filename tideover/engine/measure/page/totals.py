"""Tables of totals, each with the way to the rows behind it: the filter, some of the people, the command that explains."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tideover.engine.measure.cells import Total
from tideover.engine.measure.page.html import Html, element, joined
from tideover.engine.measure.page.numbers import money, share, signed
from tideover.engine.measure.report import Report
from tideover.engine.measure.where import Where
from tideover.engine.measure.words import label
from tideover.kit.days import iso_moment

SHOWN = 8


@dataclass(frozen=True)
class Row:
    """One code under each strategy."""

    code: str
    totals: tuple[Total, ...]

    @property
    def newest(self) -> Total:
        return self.totals[-1]


def rows_by(report: Report, column: str, where: Where, keep: Callable[[str], bool] = bool) -> tuple[Row, ...]:
    """Each code of a column with its total under every strategy, the greatest of the newest strategy first."""
    found = [{it.name: it for it in side.cells.by(column, where)} for side in report.sides]
    names = {name for side in found for name in side if keep(name)}
    rows = [_row(name, found, where.also(**{column: name})) for name in sorted(names)]
    return tuple(sorted(rows, key=lambda row: [-total.rows for total in reversed(row.totals)]))


def _row(name: str, found: Sequence[dict[str, Total]], where: Where) -> Row:
    return Row(name, tuple(side.get(name, Total(name, where, 0, 0)) for side in found))


@dataclass(frozen=True)
class TotalsTable:
    """How rows are written: `name` and `says` give a code's label and sentence, `every` counts the whole for shares."""

    report: Report
    what: str
    says: Callable[[str], Html | str]
    every: int
    with_cost: bool = False
    sentence_first: bool = False
    hidden: Callable[[str], bool] = lambda _: False
    """Codes whose people are not shown: whoever reads the page need not know who is suspected of being defrauded."""

    def html(self, rows: Sequence[Row], caption: str) -> Html:
        """The table."""
        body = (self._tr(row) for row in rows)
        says = element("caption", caption) if caption else None
        table = element("table", says, element("thead", self._head()), element("tbody", *body))
        return element("div", table, class_="scroll")

    def _head(self) -> Html:
        sides = self.report.sides
        names = (
            [it.name for it in sides] if len(sides) > 1 else ["rows" if self.report.is_trial else "people"]
        )
        names += ["difference"] if len(sides) > 1 else ["share"]
        names += ["cost"] if self.with_cost else []
        numbers = (element("th", name, class_="number", scope="col") for name in names)
        return element(
            "tr", element("th", self.what, scope="col"), *numbers, element("th", "the rows", scope="col")
        )

    def _tr(self, row: Row) -> Html:
        cells = [f"{total.rows:,}" for total in row.totals]
        if len(cells) > 1:
            cells.append(signed(row.newest.rows - row.totals[0].rows))
        else:
            cells.append(share(row.newest.rows, self.every))
        cells += [money(row.newest.cost, self.report)] if self.with_cost else []
        numbers = (element("td", cell, class_="number") for cell in cells)
        return element("tr", self._name(row.code), *numbers, element("td", self._behind(row)))

    def _name(self, code: str) -> Html:
        first, second = label(code), self.says(code)
        if self.sentence_first:
            return element("th", second, scope="row")
        return element("th", first, element("br"), element("small", second), scope="row")

    def _behind(self, row: Row) -> Html:
        shown = next((total for total in reversed(row.totals) if total.examples), row.newest)
        people = None if self.hidden(row.code) or not shown.examples else _people(shown.examples)
        return element("details", element("summary", "show"), element("code", row.newest.where.sql), people)


def _people(examples: Sequence[tuple[str, int]]) -> Html:
    first, at = examples[0]
    command = element("code", f"tideover explain --borrower {first} --at {iso_moment(at)}")
    names = ", ".join(name for name, _ in examples)
    return joined(element("p", f"Among them {names}.", class_="quiet"), command)
