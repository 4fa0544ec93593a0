"""The head of the page: the whole run in a sentence, a bar and five figures, and what limits it."""

from __future__ import annotations

from collections.abc import Iterator

from tideover.engine.measure.page import findings
from tideover.engine.measure.page.html import Html, element, joined
from tideover.engine.measure.page.numbers import clock, day_of, long_day, money, share, span
from tideover.engine.measure.report import Report
from tideover.engine.measure.where import Where
from tideover.engine.measure.words import listed, plural
from tideover.kit.days import iso_moment

SPLIT = (
    ("contact", "Written to", "second"),
    ("human", "Calls for people", "call"),
    ("wait", "A better moment later", "first"),
    ("none", "Left in peace", "peace"),
)
"""Treatments in the order of the bar, with their colours."""


def header(report: Report, title: str, contents: Html) -> Html:
    """What the page is, what it found, and how far it can be trusted."""
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
        contents,
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
    yield "Calls for people", f"{new.calls:,}", (f"{least:,} to {most:,} on one day" if most else ""), ""
    apart = (
        f"{money(old.cost, report)} under {findings.named(old)}"
        if len(report.sides) > 1
        else "in the lender's currency"
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
