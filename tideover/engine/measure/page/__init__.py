"""The page of a report: one file that needs nothing else, for screens of any width, keyboards, readers and paper."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tideover.engine.measure.page import findings
from tideover.engine.measure.page.differences import at_a_glance, who_changes
from tideover.engine.measure.page.html import Html, element, joined
from tideover.engine.measure.page.numbers import clock, day_of, long_day, money, share, span
from tideover.engine.measure.page.people import people_told
from tideover.engine.measure.page.sections import Sections
from tideover.engine.measure.report import Report
from tideover.engine.measure.where import Where
from tideover.engine.measure.words import Words, listed, plural
from tideover.kit.days import iso_moment

NOTHING_FROM_OUTSIDE = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
SPLIT = (
    ("contact", "Written to", "second"),
    ("human", "Calls for people", "call"),
    ("wait", "A better moment later", "first"),
    ("none", "Left in peace", "peace"),
)
"""Treatments in the order of the bar, with their colours."""

__all__ = ["page"]


def page(report: Report, words: Words) -> str:
    """The report as HTML: no script, nothing loaded from anywhere."""
    sections = Sections(report, words)
    if report.is_trial:
        differ = who_changes(report, words) if len(report.sides) > 1 else None
        parts = [
            at_a_glance(report, sections.messages_by_day()), sections.how_often(), differ, sections.messages(), sections.calls(),
            sections.in_the_way(), sections.silence(), _people(report),
        ]  # fmt: skip
    else:
        parts = [
            sections.messages(),
            sections.calls(),
            sections.silence(),
            sections.in_the_way(),
            _people(report),
        ]
    title = findings.title(report)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=NOTHING_FROM_OUTSIDE),
        element("title", f"{title}, {span(report.moments)}"),
        element("style", Html(_look())),
    )
    skip = element("a", "Skip to the numbers", class_="skip", href="#numbers")
    body = element(
        "body",
        skip,
        _header(report, title),
        element("main", *parts, id="numbers", tabindex="-1"),
        _footer(report),
    )
    return "<!doctype html>\n" + element("html", head, body, lang="en")


@cache
def _look() -> str:
    return (Path(__file__).parent / "look.css").read_text("utf-8")


def _header(report: Report, title: str) -> Html:
    is_day = not report.is_trial
    kicker = (
        f"{title}, decided at {clock(report.moments[0])}"
        if is_day
        else f"{span(report.moments)}, {_drawn(report)}"
    )
    return element(
        "header",
        element("p", kicker, class_="kicker"),
        element("h1", long_day(day_of(report.moments[0])) if is_day else title),
        element("p", findings.lead(report), class_="lead"),
        _split(report),
        _figures(report),
        _notes(report),
        _contents(report),
    )


def _drawn(report: Report) -> str:
    if report.people >= report.of:
        return f"all {report.people:,} people"
    return f"{report.people:,} people drawn from {report.of:,}"


def _figures(report: Report) -> Html:
    make = _figures_of_trial if report.is_trial else _figures_of_day
    return element("dl", *(_figure(*it) for it in make(report)), class_="figures")


Figure = tuple[str, str, str, str]
"""Name, value, a line beneath, and the colour it has in the bar above."""


def _figures_of_day(report: Report) -> Iterator[Figure]:
    for treatment, name, colour in SPLIT:
        rows = report.newest.cells.total(Where.of(treatment=treatment)).rows
        yield name, f"{rows:,}", f"{share(rows, report.people)} of people", colour
    yield "Cost of contacts", money(report.newest.cost, report), "in the lender's currency", ""


def _figures_of_trial(report: Report) -> Iterator[Figure]:
    new, old = report.newest, report.sides[0]

    def beside(now: int, before: int) -> str:
        return (
            findings.against(report, now, before)
            if len(report.sides) > 1
            else f"{share(now, report.people)} of people"
        )

    yield "People who hear from us", f"{new.spoken_to:,}", beside(new.spoken_to, old.spoken_to), ""
    yield (
        "Left in peace every day",
        f"{new.left_in_peace:,}",
        beside(new.left_in_peace, old.left_in_peace),
        "",
    )
    per_day = f"{new.messages / len(report.moments):,.0f} a day"
    yield (
        "Messages",
        f"{new.messages:,}",
        beside(new.messages, old.messages) if len(report.sides) > 1 else per_day,
        "",
    )
    least, _, most = new.calls_a_day
    yield "Calls for people", f"{new.calls:,}", f"{least:,} to {most:,} on one day", ""
    apart = (
        f"{money(old.cost, report)} under {old.name}" if len(report.sides) > 1 else "in the lender's currency"
    )
    yield "Cost of contacts", money(new.cost, report), apart, ""


def _figure(name: str, value: str, more: str, colour: str) -> Html:
    chip = element("span", class_=f"key {colour}") if colour else None
    return element(
        "div", element("dt", chip, name), element("dd", value), element("dd", more), class_=colour or None
    )


def _split(report: Report) -> Html | None:
    """All people of a day as one bar."""
    if report.is_trial or not report.people:
        return None
    cells = report.newest.cells
    parts = [
        (colour, name, cells.total(Where.of(treatment=treatment)).rows) for treatment, name, colour in SPLIT
    ]
    spans = (element("span", class_=colour, style=f"flex:{rows}") for colour, _, rows in parts if rows)
    says = listed(f"{name} {share(rows, report.people)}" for _, name, rows in parts)
    return element("div", *spans, class_="split", role="img", aria_label=says)


def _notes(report: Report) -> Html | None:
    notes = []
    if report.assumes:
        names = listed(name.replace("_", " ") for name in report.assumes)
        notes.append(
            joined(
                element("strong", "Nothing of this can be sent. "),
                f"The source assumed instead of knowing: {names}.",
            )
        )
    stale = sum(cell.rows for cell in report.newest.cells if "feed_stale" in cell.blocked_by)
    if stale:
        notes.append(
            joined(
                element("strong", "The payments feed is too old. "),
                f"So {plural(stale, 'decision')} ask nobody for money.",
            )
        )
    if report.known_until is not None and report.known_until < report.moments[-1]:
        after = sum(at > report.known_until for at in report.moments)
        notes.append(
            joined(
                element(
                    "strong",
                    "The book ends before the trial. "
                    if report.is_trial
                    else "The book is older than this day. ",
                ),
                f"Nothing was recorded after {iso_moment(report.known_until)}: {plural(after, 'day')} rest on what was known then.",
            )
        )
    return element("div", *(element("p", it) for it in notes), class_="note", role="note") if notes else None


def _contents(report: Report) -> Html:
    trial = [
        ("glance", "At a glance"),
        ("often", "How often"),
        ("changes", "Who changes"),
        ("said", "What is said"),
    ]
    day = [("said", "What is said")]
    rest = [
        ("calls", "Calls"),
        ("limits", "What stood in the way"),
        ("peace", "Left in peace"),
        ("people", "People in words"),
    ]
    links = [
        it for it in (trial if report.is_trial else day) + rest if it[0] != "changes" or len(report.sides) > 1
    ]
    items = (element("li", element("a", name, href=f"#{anchor}")) for anchor, name in links)
    return element("nav", element("ul", *items), aria_label="On this page")


def _people(report: Report) -> Html:
    title = f"{len(report.stories)} people told in words" if report.stories else "Nobody to tell of"
    why = (
        "Some stand at the edges, the others are drawn. Times are on the person's own clock."
        if report.stories
        else "No decision was made."
    )
    return element(
        "section",
        element("h2", title, id="people", tabindex="-1"),
        element("p", why, class_="quiet"),
        people_told(report),
    )


def _footer(report: Report) -> Html:
    facts = [
        ("book", report.source),
        *((f"strategy {side.name}", side.strategy_hash) for side in report.sides),
        ("rules", report.newest.rules_hash),
        ("published tables", report.newest.tables_hash),
        *((f"not in the book: {name}", cost) for name, cost in report.missing.items()),
    ]
    listed_facts = element(
        "dl", *(joined(element("dt", name), element("dd", value)) for name, value in facts if value)
    )
    return element(
        "footer",
        *_how_to_read(report),
        element("details", element("summary", "What this rests on"), listed_facts),
    )


def _how_to_read(report: Report) -> list[Html]:
    folder = f"{report.newest.name}/decisions" if report.is_trial else "decisions"
    rows = joined(
        element(
            "p", "The condition beside a number finds its rows in the decisions that lie beside this page:"
        ),
        element("pre", element("code", f"duckdb -c \"select * from '{folder}/*.parquet' where ...\"")),  # noqa: S608
    )
    if not report.is_trial:
        return [rows]
    limits = (
        "This tells what a strategy does, not what people would have done about it: nobody answers in a trial. Facts are those of "
        "the book as they were known on each day; what the lender itself said after the start is left out, and the strategy's own "
        "contacts stand in its place. Effects are read from hold-outs, later."
    )
    return [element("p", limits), rows]
