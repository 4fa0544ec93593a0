"""The parts of the page: what is said, by which way, to whom how often, what people have to call, what stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tideover.engine.measure.page import charts, findings
from tideover.engine.measure.page.charts import Mark
from tideover.engine.measure.page.html import Child, Html, element, joined
from tideover.engine.measure.page.numbers import day_of, share, short_day
from tideover.engine.measure.page.totals import SHOWN, Row, TotalsTable, rows_by
from tideover.engine.measure.report import CALLED, LATER, PEACE, WRITTEN, Report
from tideover.engine.measure.where import EVERYBODY, Where
from tideover.engine.measure.words import Words, label

MOST_TIMES = 7
"""How often one person hears from us, told apart up to here."""

MOST_LIMITS = 10
"""What stood in the way, shown at once."""


@dataclass(frozen=True)
class Sections:
    """Makes the parts of one report's page."""

    report: Report
    words: Words

    def messages(self) -> Html:
        """What is said and by which way."""
        purposes = self._counted("purpose", WRITTEN, "message", self.words.purpose)
        channels = self._counted("channel", WRITTEN, "message", self.words.channel)
        return _section("said", "What is said, and how", element("div", purposes, channels, class_="pairs"))

    def messages_by_day(self) -> Html:
        """Messages day by day."""
        return self._by_day(0, findings.messages_a_day(self.report), "messages")

    def how_often(self) -> Html:
        """How often one person hears from us, and how much people have to call."""
        parts = [self._frequency(), self._by_day(1, findings.calls_a_day(self.report), "calls")]
        return _section("often", "How often, and by whom", element("div", *parts, class_="pairs"))

    def calls(self) -> Html:
        """What people have to do."""
        purposes = self._counted("purpose", CALLED, "call", self.words.purpose)
        channels = (
            self._counted("channel", CALLED, "call", self.words.channel) if self.report.newest.calls else None
        )
        return _section("calls", "Calls for people", element("div", purposes, channels, class_="pairs"))

    def silence(self) -> Html:
        """Why people are left in peace, or wait."""
        keep = self._is_told
        left = self._counted("reason", PEACE, "left in peace", self.words.reason, keep)
        later = self._counted("purpose", LATER, "that wait for a better moment", self.words.purpose)
        return _section("peace", "Left in peace, and why", element("div", left, later, class_="pairs"))

    def in_the_way(self) -> Html:
        """What rules, holds and wishes stopped or put off."""
        rows = rows_by(self.report, "blocked_by", EVERYBODY)
        first = rows[0].code if rows else ""
        every = self.report.newest.cells.total(EVERYBODY).rows
        title = findings.in_the_way(
            tuple(row.newest for row in rows), self.words.in_short(first) if first else ""
        )
        note = (
            "Each row counts once for every rule, hold or wish that stood in its way, so rows can stand behind several totals. "
            "Something else may still be said to the person, or the same on a later day."
        )
        table = TotalsTable(
            self.report, "what", self._limit, every, sentence_first=True, hidden=self.words.is_restricted
        )
        first_rows, others = rows[:MOST_LIMITS], rows[MOST_LIMITS:]
        folded = None
        if others:
            folded = element(
                "details", element("summary", f"{len(others)} more, each less often"), table.html(others, "")
            )
        body = joined(
            element("h3", title),
            element("p", note, class_="quiet"),
            table.html(first_rows, _unit(self.report)),
            folded,
        )
        return _section("limits", "What stood in the way", body)

    def _limit(self, code: str) -> Html:
        source = self.words.source(code)
        name = (
            element("a", source.title, href=source.href)
            if source.href.startswith("https://")
            else source.title
        )
        tag = element("span", source.kind, class_="tag")
        says = self.words.reason(code).removesuffix(" This is a choice; confirm it.")
        return joined(
            says,
            element("br"),
            element("small", tag, " ", element("code", code), " " if source.title else None, name),
        )

    def _is_told(self, code: str) -> bool:
        return bool(code) and not code.startswith("assumed_")

    def _counted(
        self,
        column: str,
        where: Where,
        what: str,
        says: Callable[[str], str],
        keep: Callable[[str], bool] = bool,
    ) -> Html:
        """A chart of totals with its table."""
        rows = rows_by(self.report, column, where, keep)
        every = self.report.newest.cells.total(where).rows
        totals = tuple(row.newest for row in rows)
        if where in (WRITTEN, CALLED):
            title = findings.most_of(totals, every, f"{what}s")
        else:
            title = findings.mostly(totals, every, f"{self._unit} {what}", says)
        table = TotalsTable(self.report, column, says, every, with_cost=where in (WRITTEN, CALLED))
        drawn = self._bars(rows, every, title)
        return self._figure(title, drawn, table.html(rows, _unit(self.report)), is_drawn=bool(rows))

    def _bars(self, rows: Sequence[Row], every: int, title: str) -> Html:
        shown, rest = rows[:SHOWN], rows[SHOWN:]
        if len(self.report.sides) > 1:
            pairs = [
                Mark(label(row.code), total.rows, f"{total.rows:,}", side.name)
                for row in shown
                for side, total in zip(self.report.sides, row.totals, strict=True)
            ]
            return charts.paired_bars(pairs, self._names, title)
        marks = [Mark(label(row.code), row.newest.rows, _count(row.newest.rows, every)) for row in shown]
        more = sum(row.newest.rows for row in rest)
        marks += [Mark(f"{len(rest)} more", more, _count(more, every), charts.REST)] if rest else []
        return charts.bars(marks, title)

    @property
    def _unit(self) -> str:
        return "person-days" if self.report.is_trial else "people"

    @property
    def _names(self) -> list[str]:
        return [side.name for side in self.report.sides]

    def _by_day(self, which: int, title: str, what: str) -> Html:
        marks = [
            Mark(short_day(day_of(at)), made[which], side=side.name)
            for side in self.report.sides
            for at, made in side.by_day.items()
        ]
        counts = {(mark.name, mark.side): mark.value for mark in marks}
        days = dict.fromkeys(mark.name for mark in marks)
        body = [[day, *(f"{counts[day, side]:,}" for side in self._names)] for day in days]
        head = ["day", *(self._names if len(self._names) > 1 else [what])]
        drawn = charts.lines(marks, self._names, title)
        return self._figure(
            title, drawn, plain_table(head, body, f"{what} a day"), is_drawn=any(mark.value for mark in marks)
        )

    def _frequency(self) -> Html:
        title, sides = findings.how_often(self.report), self.report.sides
        most = max(side.most for side in sides)
        times = range(min(most, MOST_TIMES) + 1)
        counts = {side.name: _up_to(side.frequency, MOST_TIMES) for side in sides}
        said = {n: _times(n) if n < MOST_TIMES or most == n else f"{n} or more" for n in times}
        marks = [
            Mark(
                said[n],
                counts[side.name].get(n, 0),
                _count(counts[side.name].get(n, 0), side.people),
                side.name,
            )
            for n in times
            for side in sides
        ]
        times = range(most + 1)
        body = [[_times(n), *(f"{side.frequency.get(n, 0):,}" for side in sides)] for n in times]
        head = ["contacts", *(self._names if len(sides) > 1 else ["people"])]
        table = plain_table(head, body, "people by contacts over all days")
        drawn = charts.paired_bars(marks, self._names, title) if len(sides) > 1 else charts.bars(marks, title)
        return self._figure(title, drawn, table, is_drawn=True)

    def _figure(self, title: str, drawn: Html, table: Html, *, is_drawn: bool) -> Html:
        caption = element("figcaption", element("h3", title), self._key())
        if not is_drawn:
            return element("figure", caption)
        return element("figure", caption, drawn, element("details", element("summary", "The numbers"), table))

    def _key(self) -> Html | None:
        if len(self.report.sides) < 2:
            return None
        marks = zip(("first", "second"), self.report.sides, strict=True)
        keys = (
            element("span", element("span", class_=f"key {mark}"), side.name, class_="name")
            for mark, side in marks
        )
        return element("span", *keys, class_="quiet")


def _section(name: str, title: str, *body: Child) -> Html:
    return element("section", element("h2", title, id=name, tabindex="-1"), *body)


def _count(rows: int, every: int) -> str:
    return f"{rows:,} ({share(rows, every)})"


def _up_to(frequency: Mapping[int, int], most: int) -> dict[int, int]:
    """The same with everything above the most counted as the most."""
    found: dict[int, int] = {}
    for n, people in frequency.items():
        found[min(n, most)] = found.get(min(n, most), 0) + people
    return found


def _times(n: int) -> str:
    return "none" if n == 0 else f"{n}"


def _unit(report: Report) -> str:
    return "one row is one person on one day" if report.is_trial else "one row is one person"


def plain_table(head: Sequence[str], body: Sequence[Sequence[str]], caption: str) -> Html:
    """A table of which all columns but the first are numbers."""
    first, *others = head
    titles = element(
        "tr",
        element("th", first, scope="col"),
        *(element("th", it, class_="number", scope="col") for it in others),
    )
    rows = (
        element(
            "tr",
            element("th", row[0], scope="row"),
            *(element("td", cell, class_="number") for cell in row[1:]),
        )
        for row in body
    )
    says = element("caption", caption) if caption else None
    table = element("table", says, element("thead", titles), element("tbody", *rows))
    return scrolled(table, caption or first)


def scrolled(table: Html, says: str) -> Html:
    """A table that scrolls by itself where the screen is narrow; the keyboard can reach it to do so."""
    return element("div", table, class_="scroll plain", tabindex="0", role="group", aria_label=says)
