"""One contact before the tables: allowed, or which rules forbid it, and the first moment that none does.

Slow and obvious: it serves the stories beside the rules and is what the columns of a decision are compared with.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tideover.engine.policy.rules._tables import CapRow, CellRow, MergedWindow, RuleTables
from tideover.engine.policy.rules._when import Situation, holds
from tideover.kit.calendars import holidays_of, local_day, local_minute, quarter_from

QUARTER = 900
_LOOK_AHEAD = 21 * 86_400 // QUARTER
_YEAR_DAYS = 366


@dataclass(frozen=True)
class Earlier:
    """A contact that went out, or is queued, before."""

    at: int
    purpose: str
    channel: str
    same_loan: bool = True
    same_address: bool = True


@dataclass(frozen=True)
class Contact:
    """A contact somebody would like to make, at a moment (epoch seconds), and what is known about it."""

    at: int
    jurisdiction: str
    zone: str
    kind: str
    purpose: str
    channel: str
    consent: bool = False
    contract_address: bool = True
    registered_template: bool = True
    link: bool = False
    links_wanted: bool = False
    sent: tuple[Earlier, ...] = ()
    talked: tuple[int, ...] = ()
    situation: Situation = field(default_factory=Situation)


@dataclass(frozen=True)
class Verdict:
    """`banned_by`: rules no waiting helps against. `waits_for`: rules that ask for another moment, `earliest`."""

    banned_by: tuple[str, ...]
    waits_for: tuple[str, ...]
    earliest: int | None

    @property
    def allowed(self) -> bool:
        return not self.banned_by and not self.waits_for


def judge(tables: RuleTables, contact: Contact) -> Verdict:
    """What the rules say of this contact at its moment."""
    row = tables.cell(contact.jurisdiction, contact.kind, contact.purpose, contact.channel)
    window = tables.windows[row["window_id"]]
    free_at, waits_for = _free_at(tables, row, contact)
    waits_for += _closed_by(window, contact.zone, contact.at)
    banned_by = (*_lasting(row, contact), *_banned_when(tables, contact))
    earliest = None if banned_by else _opens(window, contact.zone, free_at)
    return Verdict(tuple(dict.fromkeys(banned_by)), tuple(waits_for), earliest)


def is_holiday(window: MergedWindow, day: int) -> bool:
    """Whether that local day number is one of the public holidays this window closes."""
    if not window.holidays or window.country is None:
        return False
    about = 1970 + day // _YEAR_DAYS
    return day in holidays_of(window.country, range(about - 1, about + 3), subdiv=window.subdiv)


def _lasting(row: CellRow, contact: Contact) -> list[str]:
    asked = [
        (row["banned_by"], True),
        (row["consent_by"], not contact.consent),
        (row["contract_by"], not contact.contract_address),
        (row["template_by"], not contact.registered_template),
        (row["request_by"], contact.link and not contact.links_wanted),
    ]
    return [rule_id for rule_id, is_missing in asked if rule_id is not None and is_missing]


def _banned_when(tables: RuleTables, contact: Contact) -> list[str]:
    return [
        ban.id
        for ban in tables.bans_when
        if contact.jurisdiction in ban.jurisdictions
        and contact.kind in ban.kinds
        and contact.purpose in ban.purposes
        and contact.channel in ban.channels
        and holds(ban.when, contact.situation)
    ]


def _free_at(tables: RuleTables, row: CellRow, contact: Contact) -> tuple[int, list[str]]:
    """The first moment that caps and rests allow, and which of them are in the way now."""
    frees = [(cap["cap_id"], _cap_frees_at(tables, cap, contact)) for cap in tables.caps_of(row)]
    last_talk = max((at for at in contact.talked if at <= contact.at), default=None)
    if last_talk is not None:
        frees += [(rest["rule_id"], last_talk + rest["seconds"]) for rest in tables.rests_of(row)]
    waits_for = [rule_id for rule_id, free_at in frees if free_at > contact.at]
    return max([contact.at, *(free_at for _, free_at in frees)]), waits_for


def _cap_frees_at(tables: RuleTables, cap: CapRow, contact: Contact) -> int:
    used = sorted((one.at for one in contact.sent if _uses(tables, cap, contact, one)), reverse=True)
    return used[cap["n"] - 1] + cap["period_seconds"] if len(used) >= cap["n"] else contact.at


def _uses(tables: RuleTables, cap: CapRow, contact: Contact, earlier: Earlier) -> bool:
    if not {"loan": earlier.same_loan, "address": earlier.same_address}.get(cap["scope"], True):
        return False
    return cap in tables.caps_of(
        tables.cell(contact.jurisdiction, contact.kind, earlier.purpose, earlier.channel)
    )


def _closed_by(window: MergedWindow, zone: str, at: int) -> list[str]:
    day = local_day(zone, at)
    return list(window.closed_by((day + 3) % 7, local_minute(zone, at), holiday=is_holiday(window, day)))


def _opens(window: MergedWindow, zone: str, free_at: int) -> int | None:
    if not _closed_by(window, zone, free_at):
        return free_at
    first = quarter_from(free_at)
    moments = (first + step * QUARTER for step in range(_LOOK_AHEAD))
    return next((at for at in moments if not _closed_by(window, zone, at)), None)
