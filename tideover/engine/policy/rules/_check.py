"""Rules that cannot all be kept, or no longer should be trusted: what `tideover check` says beyond the reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tideover.engine.policy.content import Problem
from tideover.engine.policy.rules._lists import Hold
from tideover.engine.policy.rules._rule import Rule
from tideover.engine.policy.rules._rules import Rules
from tideover.engine.policy.rules._tables import CellRow, Duty, RuleTables
from tideover.engine.policy.rules._values import Told
from tideover.kit.calendars import NEVER
from tideover.kit.days import date_of

WAYS_TO_ACT = ("creditor", "agent")


def check_rules(rules: Rules, today: int) -> list[Problem]:
    """What cannot all be kept from that day number on, whichever way the lender acts.

    Limits that leave nothing open or stand in a duty's way, holds that do less than a rule asks, laws that an overlay
    has replaced. Each problem stands at the rule that has to change.
    """
    days = [today, *(day for day in rules.change_days() if day > today)]
    found = {
        problem: None
        for acts_as in WAYS_TO_ACT
        for day in days
        for problem in _contradictions(rules, rules.on(day, acts_as))
    }
    return [*found, *_weak_holds(rules), *_replaced_laws(rules)]


def check_freshness(rules: Rules, today: int) -> list[Problem]:
    """Rules whose review is overdue on that day number. They still apply: an old limit is better than none."""
    return [
        _at(
            rule,
            f"{rule.id} was to be looked at again by {rule.written.still_valid_on}; confirm it and move the day.",
        )
        for rule in rules.by_id.values()
        if rule.written.still_valid_on < date_of(today)
    ]


def _at(rule: Rule, text: str) -> Problem:
    return Problem(rule.file, 1, text)


def _contradictions(rules: Rules, tables: RuleTables) -> Iterator[Problem]:
    yield from _nothing_open(rules, tables)
    for duty in tables.duties:
        yield from _in_a_duty_s_way(rules, tables, duty)


def _nothing_open(rules: Rules, tables: RuleTables) -> Iterator[Problem]:
    shut = {window.id: window for window in tables.windows.values() if window.window == NEVER}
    over: dict[tuple[str, str], list[CellRow]] = {}
    for row in tables.cells:
        if row["window_id"] in shut and row["banned_by"] is None:
            over.setdefault((row["jurisdiction"], row["window_id"]), []).append(row)
    for (place, window_id), rows in over.items():
        ids = shut[window_id].rule_ids
        purposes = ", ".join(sorted({row["purpose"] for row in rows}))
        text = f"{' and '.join(ids)} leave no hour open in {place} for {purposes}; widen one, or write a ban."
        yield _at(rules.by_id[ids[0]], text)


def _in_a_duty_s_way(rules: Rules, tables: RuleTables, duty: Duty) -> Iterator[Problem]:
    for rule_id, how in dict.fromkeys(_blocks(tables, duty)):
        text = f"{rule_id} {how} {duty.purpose}, which {duty.id} asks for; a duty may not be stopped. Take it out."
        yield _at(rules.by_id[rule_id], text)


def _blocks(tables: RuleTables, duty: Duty) -> Iterator[tuple[str, str]]:
    for place in duty.jurisdictions:
        for kind in duty.kinds:
            for channel in duty.channels:
                row = tables.cell(place, kind, duty.purpose, channel)
                yield from ((row["banned_by"], "forbids"),) if row["banned_by"] else ()
                yield from ((row["consent_by"], "asks for consent to"),) if row["consent_by"] else ()
                yield from ((cap["cap_id"], "caps") for cap in tables.caps_of(row))
    for ban in tables.bans_when:
        both = (
            (ban.jurisdictions, duty.jurisdictions),
            (ban.kinds, duty.kinds),
            (ban.channels, duty.channels),
        )
        if duty.purpose in ban.purposes and all(set(a) & set(b) for a, b in both):
            yield ban.id, "at times forbids"


def _weak_holds(rules: Rules) -> Iterator[Problem]:
    for rule in rules.by_id.values():
        hold = rules.lists.holds.get(rule.written.hold or "")
        for _, value in rule.values:
            if hold is not None and isinstance(value, Told):
                yield from (_at(rule, text) for text in _less_than_asked(hold, value, rules.lists.classes))


def _less_than_asked(hold: Hold, asked: Told, classes: Iterable[str]) -> Iterator[str]:
    for name in sorted(_words(asked, "rests") - set(classes)):
        yield f"{name!r} is not a class of purposes, so it cannot rest."
    for name in sorted(_words(asked, "rests") & set(hold.passes)):
        yield f"{name} must rest under the hold {hold.name}, but holds.yaml lets it pass."
    for name in sorted(_words(asked, "stops") - set(hold.stops)):
        yield f"{name} must stop under the hold {hold.name}, but holds.yaml lets them run."
    if asked.get("covers") == "loan" != hold.covers:
        yield f"The hold {hold.name} must cover every party of the loan, but holds.yaml covers the {hold.covers} alone."


def _words(told: Told, name: str) -> set[str]:
    words = told.get(name)
    return set(words) if isinstance(words, tuple) else set()


def _replaced_laws(rules: Rules) -> Iterator[Problem]:
    for below, layer in zip(rules.layers, rules.layers[1:], strict=False):
        for rule in layer.values():
            law = below.get(rule.id)
            if law is not None and law.status == "law" and rule.status != "law":
                text = f"{rule.id} replaces a law by something that is none; a stricter rule gets an id of its own."
                yield _at(rule, text)
