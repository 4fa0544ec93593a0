"""What the rules come to on a day, as rows for joins: a cell for every place, loan kind, purpose and channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypedDict

from tideover.engine.policy.rules._hours import Hours
from tideover.engine.policy.rules._schema import Reference
from tideover.engine.policy.rules._values import Told
from tideover.kit.calendars import Window

DEFAULT = "_default"


class CellRow(TypedDict):
    """What stands in the way of one contact; every `_by` is the id of the rule that says so, or None."""

    jurisdiction: str
    kind: str
    purpose: str
    channel: str
    window_id: str
    banned_by: str | None
    consent_by: str | None  # needs consent of the purpose's class for this channel
    contract_by: str | None  # only to an address that stands in the contract
    request_by: str | None  # links only where the person asked for them
    template_by: str | None  # only a registered template
    words: str  # codes of the blocks the message must carry, separated by commas
    words_by: str


class CapRow(TypedDict):
    """At most n contacts of its cells in any such period: per person, loan or address."""

    cap_id: str
    n: int
    period_seconds: int
    scope: str


class CapCellRow(TypedDict):
    """A cap that a contact of this cell uses and must respect."""

    jurisdiction: str
    kind: str
    purpose: str
    channel: str
    cap_id: str


class CoolDownRow(TypedDict):
    """Seconds of quiet after a conversation with the person, or about the loan; one row a cell and scope."""

    jurisdiction: str
    kind: str
    purpose: str
    channel: str
    scope: str
    seconds: int
    rule_id: str


@dataclass(frozen=True)
class WindowPart:
    """What one rule adds to a window. `override`: what of the person's would lift it (consent, request, none)."""

    rule_id: str
    hours: Hours
    override: str


@dataclass(frozen=True)
class MergedWindow:
    """The hours left when every rule has had its say; `holidays` closes the public holidays of the place named."""

    id: str
    window: Window
    holidays: bool
    country: str | None
    subdiv: str | None
    parts: tuple[WindowPart, ...]

    @property
    def rule_ids(self) -> tuple[str, ...]:
        return tuple(part.rule_id for part in self.parts)

    def closed_by(self, weekday: int, minute: int, *, holiday: bool) -> tuple[str, ...]:
        """The rules that close that local minute of a weekday (0 is Monday)."""
        return tuple(
            part.rule_id
            for part in self.parts
            if (holiday and part.hours.holidays_closed) or not part.hours.window.is_open(weekday, minute)
        )


@dataclass(frozen=True)
class BanWhen:
    """Contacts of these cells are forbidden while `when` is true; the reason code is the rule's id."""

    id: str
    jurisdictions: tuple[str, ...]
    kinds: tuple[str, ...]
    purposes: tuple[str, ...]
    channels: tuple[str, ...]
    when: str
    reason: str


@dataclass(frozen=True)
class ActionBan:
    """What no message or page may hold out (promise, pay_button, plan) while `when` is true; None is always."""

    id: str
    jurisdictions: tuple[str, ...]
    kinds: tuple[str, ...]
    actions: tuple[str, ...]
    when: str | None
    reason: str


@dataclass(frozen=True)
class Duty:
    """Who must be told what: owed from the day `when` turns true, and to be told within that many days."""

    id: str
    jurisdictions: tuple[str, ...]
    kinds: tuple[str, ...]
    when: str
    purpose: str
    within_days: int
    channels: tuple[str, ...]
    roles: tuple[str, ...]
    reference: tuple[Reference, ...]


@dataclass(frozen=True)
class Statement:
    """What a rule tells other parts of the product; it stands in no contact's way.

    A notice before an act, what a hold does, words that opt out, plain information. `about` is the act or hold, or "".
    """

    id: str
    kind: str
    jurisdictions: tuple[str, ...]
    kinds: tuple[str, ...]
    purposes: tuple[str, ...]
    channels: tuple[str, ...]
    about: str
    told: Told


@dataclass(frozen=True)
class RuleTables:
    """The rules in force from `from_day` until before `until_day` (None: no end known) for one way of acting."""

    acts_as: str
    from_day: int | None
    until_day: int | None
    cells: list[CellRow]
    windows: Mapping[str, MergedWindow]
    caps: list[CapRow]
    caps_by_cell: list[CapCellRow]
    cooldowns: list[CoolDownRow]
    bans_when: tuple[BanWhen, ...]
    action_bans: tuple[ActionBan, ...]
    duties: tuple[Duty, ...]
    statements: tuple[Statement, ...]
    places: Mapping[str, str]
    hash: str = field(repr=False)
    gives: Mapping[tuple[str, str], Mapping[str, int]] = field(default_factory=dict)
    """By jurisdiction and purpose: the days that a message names, counted from the day it is sent."""

    def jurisdiction_of(self, place: str | None) -> str:
        """Whose rules hold at a place such as "BR-SP"; without rules of its own its country's, then `_default`."""
        name = place or ""
        return self.places.get(name) or self.places.get(name.split("-")[0]) or DEFAULT

    def cell(self, jurisdiction: str, kind: str, purpose: str, channel: str) -> CellRow:
        """The one row of that cell."""
        return self._by_cell[jurisdiction, kind, purpose, channel]

    def caps_of(self, row: CellRow) -> list[CapRow]:
        """The caps that a contact of this cell uses and must respect."""
        return self._caps_by_cell.get(_key(row), [])

    def rests_of(self, row: CellRow) -> list[CoolDownRow]:
        """The rests after a conversation that this cell must respect."""
        return [rest for rest in self.cooldowns if _key(rest) == _key(row)]

    @cached_property
    def _caps_by_cell(self) -> dict[tuple[str, str, str, str], list[CapRow]]:
        caps = {cap["cap_id"]: cap for cap in self.caps}
        by_cell: dict[tuple[str, str, str, str], list[CapRow]] = {}
        for row in self.caps_by_cell:
            by_cell.setdefault(_key(row), []).append(caps[row["cap_id"]])
        return by_cell

    @cached_property
    def _by_cell(self) -> dict[tuple[str, str, str, str], CellRow]:
        return {_key(row): row for row in self.cells}


def _key(row: CellRow | CapCellRow | CoolDownRow) -> tuple[str, str, str, str]:
    return row["jurisdiction"], row["kind"], row["purpose"], row["channel"]
