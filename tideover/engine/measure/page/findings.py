"""What the numbers say, as sentences: a chart's title is what it found."""

from __future__ import annotations

from collections.abc import Callable

from tideover.engine.measure.cells import Total
from tideover.engine.measure.page.numbers import middle, share
from tideover.engine.measure.report import LATER, Report, Side
from tideover.engine.measure.words import label, listed, plural


def named(side: Side) -> str:
    """A strategy's name, told apart from ordinary words."""
    return f"“{side.name}”"


def title(report: Report) -> str:
    """What the page is."""
    if not report.is_trial:
        return "Today's decisions"
    if len(report.sides) == 1:
        return f"Trying {named(report.newest)}"
    return f"Trying {named(report.newest)} against {named(report.sides[0])}"


def lead(report: Report) -> str:
    """The whole run in a few sentences."""
    new = report.newest
    if not report.is_trial:
        return _lead_of_day(new)
    days = plural(len(report.moments), "day")
    heard = f"Over {days}, {named(new)} speaks to {new.spoken_to:,} of {plural(report.people, 'person', 'people')}"
    made = f"{plural(new.messages, 'message')} and {plural(new.calls, 'call')} for people"
    if len(report.sides) == 1:
        return f"{heard}, with {made}. {plural(new.left_in_peace, 'person', 'people')} would hear nothing."
    old = report.sides[0]
    beside = "as" if new.spoken_to == old.spoken_to else "than"
    spoken = f"{_more(new.spoken_to, old.spoken_to, 'person', 'people')} {beside} {named(old)}"
    parts = [
        _more(new.messages, old.messages, "message"),
        _more(new.calls, old.calls, "call for people", "calls for people"),
    ]
    changed = f"{plural(report.changed_people, 'person is', 'people are')} treated differently on some day"
    return f"{heard}, {spoken}, with {listed(parts)}. {changed[:1].upper()}{changed[1:]}."


def _lead_of_day(side: Side) -> str:
    waits = side.cells.total(LATER).rows
    silent = side.people - side.messages - side.calls - waits
    written = f"{side.messages:,} {'is' if side.messages == 1 else 'are'} written to today"
    voice = (
        f"and {side.calls:,} should hear a person's voice" if side.calls else "and nobody has to be called"
    )
    later = f"For {waits:,} a better moment comes on a later day. " if waits else ""
    return f"Of {plural(side.people, 'person', 'people')}, {written}, {voice}. {later}{silent:,} are left in peace."


def _more(new: int, old: int, one: str, many: str = "") -> str:
    if new == old:
        return f"as many {many or one + 's'}"
    return f"{abs(new - old):,} {'more' if new > old else 'fewer'} {one if abs(new - old) == 1 else many or one + 's'}"


def against(report: Report, new: int, old: int) -> str:
    """How a figure of the tried strategy stands to the other's."""
    if new == old:
        return f"as many as under {named(report.sides[0])}"
    return f"{abs(new - old):,} {'more' if new > old else 'fewer'} than under {named(report.sides[0])}"


def messages_a_day(report: Report) -> str:
    """On a usual day: the middle one."""
    usual = [
        (named(side), middle([messages for messages, _ in side.by_day.values()])) for side in report.sides
    ]
    said = listed(
        f"{name} {'sends ' if place == 0 else ''}{count:,}"
        for place, (name, count) in enumerate(reversed(usual))
    )
    return f"On a usual day {said} messages"


def calls_a_day(report: Report) -> str:
    """How much people have to call."""
    least, usual, most = report.newest.calls_a_day
    if most == 0:
        return "Nobody has to be called"
    if least == most:
        return f"{plural(usual, 'call')} for people each day"
    return f"{plural(usual, 'call')} for people on a usual day, {most:,} on the fullest"


def how_often(report: Report) -> str:
    """How contacts spread over people."""
    side = report.newest
    peace = share(side.left_in_peace, side.people)
    return f"{peace} of people hear nothing; nobody hears from us more than {plural(side.most, 'time')}"


def most_of(totals: tuple[Total, ...], every: int, what: str) -> str:
    """Messages of which kinds there are most: the fewest, at most three, that make up more than half."""
    named = _leading(totals, every)
    if not named:
        return f"No {what} at all"
    said = listed(label(total.name) for total in named)
    made_up = "makes up" if len(named) == 1 else "make up"
    return f"{said[:1].upper()}{said[1:]} {made_up} {share(sum(it.rows for it in named), every)} of {what}"


def mostly(totals: tuple[Total, ...], every: int, what: str, says: Callable[[str], str]) -> str:
    """Why most people are where they are. The totals may overlap, so only the first is told."""
    if not totals or not every:
        return f"No {what}"
    told = says(totals[0].name)
    return f"{share(totals[0].rows, every)} of {what}: {told[:1].lower()}{told[1:].rstrip('.')}"


def _leading(totals: tuple[Total, ...], every: int) -> list[Total]:
    named: list[Total] = []
    for total in totals[:3] if every else ():
        named.append(total)
        if sum(it.rows for it in named) * 2 > every:
            break
    return named


def in_the_way(totals: tuple[Total, ...], says: str) -> str:
    """What stops most."""
    if not totals:
        return "No rule, hold or wish stood in the way"
    return f"What stands in the way most often: {says[:1].lower()}{says[1:]}"


def who_changes(report: Report) -> str:
    """How many are treated differently."""
    rows = sum(change.rows for change in report.changes)
    every = rows + report.same
    days = f"{share(rows, every)} of all person-days"
    return f"{share(report.changed_people, report.people)} of people are treated differently at some time, on {days}"
