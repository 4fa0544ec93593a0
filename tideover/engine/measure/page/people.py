"""People told in words, one below the other, each opened by hand."""

from __future__ import annotations

from collections.abc import Sequence

from tideover.engine.measure.page.html import Html, element, joined
from tideover.engine.measure.page.numbers import day
from tideover.engine.measure.report import Line, Report, Story
from tideover.engine.measure.words import listed, plural
from tideover.kit.days import iso_day


def people_told(report: Report) -> Html:
    """Every story; the first one open."""
    stories = (_story(report, story, is_open=place == 0) for place, story in enumerate(report.stories))
    return element("div", *stories, class_="people")


def _story(report: Report, story: Story, *, is_open: bool) -> Html:
    head = element(
        "summary",
        element("b", story.person),
        element("span", story.about),
        element("span", _in_short(report, story), class_="quiet"),
    )
    sides = [_side(report, name, lines) for name, lines in story.sides if lines]
    body = joined(
        element("p", f"Told because: {story.chosen}.", class_="quiet"), element("div", *sides, class_="pairs")
    )
    return element("details", head, body, open=is_open)


def _in_short(report: Report, story: Story) -> str:
    if not report.is_trial:
        return next((line.head for _, lines in story.sides for line in lines), "")
    return "; ".join(_counted(name if len(story.sides) > 1 else "", lines) for name, lines in story.sides)


def _counted(name: str, lines: Sequence[Line]) -> str:
    messages = sum(line.treatment == "contact" for line in lines)
    calls = sum(line.treatment == "human" for line in lines)
    parts = [plural(messages, "message")] if messages else []
    parts += [plural(calls, "call")] if calls else []
    said = listed(parts) if parts else "nothing said"
    return f"{name}: {said}" if name else said


def _side(report: Report, name: str, lines: Sequence[Line]) -> Html:
    title = element("p", name, class_="side") if len(report.sides) > 1 else None
    return element("div", title, element("ol", *(_line(line) for line in lines), class_="days"))


def _line(line: Line) -> Html:
    when = element("time", day(line.first_day), datetime=iso_day(line.first_day))
    if line.last_day != line.first_day:
        when = element("span", f"{day(line.first_day)} to {day(line.last_day)}", class_="when")
    told = element("div", element("b", line.head[:1].upper() + line.head[1:] + "."), " ", line.says)
    return element("li", when, told, class_=line.treatment)
