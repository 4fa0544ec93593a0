"""What a story expects, held against what the tables say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tideover.engine.policy.rules._judge import Contact, Earlier, Verdict, judge
from tideover.engine.policy.rules._rule import Rule
from tideover.engine.policy.rules._stories import Expect, Given, Story, moment_in
from tideover.engine.policy.rules._tables import RuleTables
from tideover.engine.policy.rules._values import show
from tideover.engine.policy.rules._when import Situation, holds
from tideover.kit.calendars import local_day, local_minute
from tideover.kit.days import date_of, day_of


@dataclass(frozen=True)
class Played:
    """A story with everything it plays on."""

    rule: Rule
    story: Story
    tables: RuleTables
    jurisdiction: str
    zone: str
    at: int

    @property
    def day(self) -> int:
        return local_day(self.zone, self.at)


def _verdict(played: Played) -> Verdict | None:
    given = played.story.given
    if given.purpose is None or given.channel is None:
        return None
    contact = Contact(
        at=played.at,
        jurisdiction=played.jurisdiction,
        zone=played.zone,
        kind=given.kind,
        purpose=given.purpose,
        channel=given.channel,
        consent=given.consent,
        contract_address=given.contract_address,
        registered_template=given.registered_template,
        link=given.link,
        links_wanted=given.links_wanted,
        sent=_earlier(given, given.purpose, given.channel, played.zone),
        talked=tuple(moment_in(at, played.zone) for at in given.talked),
        situation=_situation(given),
    )
    return judge(played.tables, contact)


def _earlier(given: Given, purpose: str, channel: str, zone: str) -> tuple[Earlier, ...]:
    return tuple(
        Earlier(
            moment_in(one.at, zone),
            one.purpose or purpose,
            one.channel or channel,
            one.same_loan,
            one.same_address,
        )
        for one in given.sent
    )


def _situation(given: Given) -> Situation:
    told, perhaps = (
        {name: tuple(ago) if isinstance(ago, list) else (ago,) for name, ago in asked.items()}
        for asked in (given.told, given.perhaps_told)
    )
    return Situation({"kind": given.kind, **given.facts}, told, perhaps)


def _check_contact(played: Played, expect: Expect) -> Iterable[str]:
    verdict = _verdict(played)
    asked = (expect.allowed, expect.banned, expect.earliest, expect.because or expect.not_because or None)
    if verdict is None:
        if any(one is not None for one in asked) and expect.owed is None and expect.actions_banned is None:
            yield "say which contact: `purpose` and `channel`."
        return
    in_the_way = (*verdict.banned_by, *verdict.waits_for)
    if expect.allowed is not None and expect.allowed != verdict.allowed:
        yield f"expected allowed: {expect.allowed}, but {', '.join(in_the_way) or 'nothing'} is in the way."
    if expect.banned is not None and expect.banned != bool(verdict.banned_by):
        yield f"expected banned: {expect.banned}, but banned by: {', '.join(verdict.banned_by) or 'nothing'}."
    for name in (one for one in expect.because if one not in in_the_way):
        yield f"expected because of {name}, but in the way: {', '.join(in_the_way) or 'nothing'}."
    for name in (one for one in expect.not_because if one in in_the_way):
        yield f"expected that {name} is not in the way, but it is."
    if expect.earliest is not None and verdict.earliest != moment_in(expect.earliest, played.zone):
        yield f"expected earliest {expect.earliest}, but it is {_shown(verdict.earliest, played.zone)}."


def _shown(at: int | None, zone: str) -> str:
    if at is None:
        return "not foreseeable"
    minute = local_minute(zone, at)
    return f"{date_of(local_day(zone, at))} {minute // 60:02d}:{minute % 60:02d}"


def _check_words(played: Played, expect: Expect) -> Iterable[str]:
    given = played.story.given
    if expect.words is None:
        return
    row = played.tables.cell(played.jurisdiction, given.kind, str(given.purpose), str(given.channel))
    words = row["words"].split(",") if row["words"] else []
    if sorted(words) != sorted(expect.words):
        yield f"expected the words {sorted(expect.words)}, but the message must carry {words}."


def _check_duty(played: Played, expect: Expect) -> Iterable[str]:
    if expect.owed is None:
        return
    duty = next((one for one in played.tables.duties if one.id == played.rule.id), None)
    given = played.story.given
    binds = duty is not None and played.jurisdiction in duty.jurisdictions and given.kind in duty.kinds
    owed = duty is not None and binds and holds(duty.when, _situation(given))
    if owed != expect.owed:
        yield f"expected owed: {expect.owed}, but it is {'' if owed else 'not '}owed."
    if duty is not None and expect.by is not None and played.day + duty.within_days != day_of(expect.by):
        yield f"expected by {expect.by}, but it is {duty.within_days} days from the day it is owed."


def _check_actions(played: Played, expect: Expect) -> Iterable[str]:
    if expect.actions_banned is None:
        return
    given, situation = played.story.given, _situation(played.story.given)
    banned = {
        action
        for ban in played.tables.action_bans
        if played.jurisdiction in ban.jurisdictions and given.kind in ban.kinds
        for action in (ban.actions if ban.when is None or holds(ban.when, situation) else ())
    }
    if banned != set(expect.actions_banned):
        yield f"expected to be banned: {expect.actions_banned}, but it is {sorted(banned)}."


def _check_value(played: Played, expect: Expect) -> Iterable[str]:
    if expect.value is None:
        return
    value = played.rule.value_on(played.day)
    shown = "not in force" if value is None else show(value)
    if shown != expect.value:
        yield f"expected the value {expect.value!r}, but it is {shown!r}."


CHECKS: tuple[Callable[[Played, Expect], Iterable[str]], ...] = (
    _check_contact,
    _check_words,
    _check_duty,
    _check_actions,
    _check_value,
)
