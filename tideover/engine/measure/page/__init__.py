"""The page of a report: one file that needs nothing else, for screens of any width, keyboards, readers and paper."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tideover.engine.measure.page import findings
from tideover.engine.measure.page.differences import at_a_glance, who_changes
from tideover.engine.measure.page.header import header
from tideover.engine.measure.page.html import Html, element, joined
from tideover.engine.measure.page.numbers import span
from tideover.engine.measure.page.people import people_told
from tideover.engine.measure.page.sections import Sections
from tideover.engine.measure.report import Report
from tideover.engine.measure.words import Words

NOTHING_FROM_OUTSIDE = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
__all__ = ["NOTHING_FROM_OUTSIDE", "look", "page"]


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
        element("style", Html(look())),
    )
    skip = element("a", "Skip to the numbers", class_="skip", href="#numbers")
    body = element(
        "body",
        skip,
        header(report, title, _contents(report)),
        element("main", *parts, id="numbers", tabindex="-1"),
        _footer(report),
    )
    return "<!doctype html>\n" + element("html", head, body, lang="en", dir="ltr")


@cache
def look() -> str:
    """The style sheet of every report."""
    return (Path(__file__).parent / "look.css").read_text("utf-8")


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
        it
        for it in (trial if report.is_trial else day) + rest
        if (it[0] != "changes" or len(report.sides) > 1) and (it[0] != "people" or report.names_people)
    ]
    items = (element("li", element("a", name, href=f"#{anchor}")) for anchor, name in links)
    return element("nav", element("ul", *items), aria_label="On this page")


def _people(report: Report) -> Html | None:
    if not report.names_people:
        return None
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
