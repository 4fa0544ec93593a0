"""Families of insights, one member for each purpose, class or channel of the content.

A strategy asks for a member by name (`days_since_told("due_soon")`); these makers write it down.
"""

from __future__ import annotations

from collections.abc import Sequence

from tideover.engine.arithmetic import flag, floor_day, holds, number, pick
from tideover.engine.insight._define import Expr, Insight, Level, Unit, row
from tideover.engine.insight.contacts import DAY

EVERY_CLASS = "all"


def last_told(purpose: str, level: Level) -> Insight:
    """The latest local day on which this purpose was told about the subject, queued contacts included."""
    return Insight(
        f"last_told__{purpose}",
        f"The latest day on which '{purpose}' was or will be told.",
        Unit.DAY,
        level,
        ("purpose", "sent_on"),
        lambda purpose_, sent_on: pick(purpose_ == purpose, sent_on),
        over="told",
        how="max",
    )


def days_since_told(purpose: str, level: Level) -> Insight:
    """Days since this purpose was told about the subject; negative while it is queued."""
    return _days_since(
        "told", purpose, f"Days since '{purpose}' was last told about this; unknown if never.", level
    )


def last_surely_told(purpose: str, level: Level) -> Insight:
    """The latest local day on which this purpose was told for sure: no reply of a provider was lost."""
    return Insight(
        f"last_surely_told__{purpose}",
        f"The latest day on which '{purpose}' was or will be told for sure.",
        Unit.DAY,
        level,
        ("purpose", "sent_on", "is_sure"),
        lambda purpose_, sent_on, is_sure: pick((purpose_ == purpose) & is_sure, sent_on),
        over="told",
        how="max",
    )


def days_since_surely_told(purpose: str, level: Level) -> Insight:
    """Days since this purpose was told for sure: what permits or fulfils something asks so, what restrains asks `days_since_told`."""
    says = f"Days since '{purpose}' was last told about this for sure; unknown if never."
    return _days_since("surely_told", purpose, says, level)


def _days_since(event: str, purpose: str, says: str, level: Level) -> Insight:
    return Insight(
        f"days_since_{event}__{purpose}",
        says,
        Unit.DAYS,
        level,
        ("today", f"last_{event}__{purpose}"),
        lambda today, last: today - last,
    )


def told_since_missed(purpose: str) -> Insight:
    """Was this purpose told since the oldest open instalment fell due?"""
    return Insight(
        f"told_since_missed__{purpose}",
        f"'{purpose}' was told since the oldest open instalment fell due.",
        Unit.YES_NO,
        Level.LOAN,
        (f"last_told__{purpose}", "oldest_overdue_on"),
        lambda last, since: holds(last >= since),
    )


def last_told_at(purpose: str) -> Insight:
    """The latest moment at which this purpose was told about the loan, queued contacts included."""
    return Insight(
        f"last_told_at__{purpose}",
        f"The latest moment at which '{purpose}' was or will be told.",
        Unit.MOMENT,
        Level.LOAN,
        ("purpose", "send_at"),
        lambda purpose_, send_at: pick(purpose_ == purpose, send_at),
        over="told",
        how="max",
    )


def told_since_promised(purpose: str) -> Insight:
    """Was this purpose told since the running promise was made? One that takes the place of another is a new one."""
    return Insight(
        f"told_since_promised__{purpose}",
        f"'{purpose}' was told since the running promise was made.",
        Unit.YES_NO,
        Level.LOAN,
        (f"last_told_at__{purpose}", "promise_made_at"),
        lambda last, since: holds(last >= since),
    )


def as_count(name: str, of: str) -> Insight:
    """1 where a yes-or-no of a loan is yes, else 0."""
    return Insight(name, f"1 where {of}.", Unit.COUNT, Level.LOAN, (of,), flag)


def times_told(purpose: str, days: int, level: Level) -> Insight:
    """How often this purpose was told in so many times 24 hours."""
    return Insight(
        f"times_told__{purpose}__{days}",
        f"Times '{purpose}' was told in the last {days} days.",
        Unit.COUNT,
        level,
        ("purpose", "send_at", "at"),
        lambda purpose_, send_at, at: flag((purpose_ == purpose) & (send_at > at - days * DAY)),
        over="told",
        how="sum",
    )


def contacts_of_class(name: str, purposes: Sequence[str], days: int) -> Insight:
    """How many contacts of a purpose class the person had in so many times 24 hours."""
    return Insight(
        f"contacts__{name}__{days}",
        f"Contacts of class '{name}' in the last {days} days.",
        Unit.COUNT,
        Level.PERSON,
        ("purpose", "send_at", "at"),
        lambda purpose, send_at, at: flag(purpose.is_in(list(purposes)) & (send_at > at - days * DAY)),
        over="contacts",
        how="sum",
    )


def lesson_done(lesson: str) -> Insight:
    """Has the person finished this lesson?"""
    return Insight(
        f"lesson_done_count__{lesson}",
        f"Times the lesson '{lesson}' was finished.",
        Unit.COUNT,
        Level.PERSON,
        ("what",),
        lambda what: flag(what == lesson),
        over="lessons_done",
        how="sum",
    )


def prefers(name: str) -> Insight:
    """Did the person say yes to this preference?"""
    return Insight(
        f"prefers_count__{name}",
        f"1 where the person said yes to '{name}'.",
        Unit.COUNT,
        Level.PERSON,
        ("name", "value"),
        lambda name_, value: flag((name_ == name) & (value == "yes")),
        over="preferences",
        how="max",
    )


def is_positive(name: str, of: str, says: str, level: Level = Level.PERSON) -> Insight:
    """A yes-or-no reading of a count."""
    return Insight(name, says, Unit.YES_NO, level, (of,), lambda count: holds(count > 0))


@row("consents", unit=Unit.COUNT)
def said(granted_at: Expr, withdrawn_at: Expr, class_power: Expr, at: Expr) -> Expr:
    "What the row says, as a digit of its purpose class: 1 granted, 2 refused."
    refused = ~withdrawn_at.is_null() & (granted_at.is_null() | (withdrawn_at >= granted_at))
    return (pick(refused, number(REFUSED)).fill_null(flag(granted_at <= at))) * class_power


@row("contact_points", unit=Unit.COUNT)
def works(state: Expr, since: Expr, until: Expr, in_contract: Expr, at: Expr) -> Expr:
    "2 for a working address that stands in the contract, 1 for another working one, else 0."
    in_time = (since.is_null() | (since <= at)) & (until.is_null() | (until > at))
    is_ok = ((state == "ok") | state.is_null()) & in_time
    return flag(is_ok) + flag(is_ok & in_contract)


CONSENT_BASE = 4
"""Consents of one channel are one number: a base-4 digit a purpose class, 1 granted, 2 refused, 0 nothing said."""

GRANTED, REFUSED = 1, 2


def consents(channel: str) -> Insight:
    """What the person said about a channel, all purpose classes in one number; rows carry their class's `class_power`."""
    return Insight(
        f"consents__{channel}",
        f"Consents for {channel}, a base-4 digit a purpose class: 1 granted, 2 refused.",
        Unit.COUNT,
        Level.PERSON,
        ("channel", "said"),
        lambda channel_, said: pick(channel_ == channel, said).fill_null(0),
        over="consents",
        how="sum",
    )


def address(channel: str) -> Insight:
    """2 where a working address for the channel stands in the contract, 1 where one is known, else 0."""
    return Insight(
        f"address__{channel}",
        f"1 where a working address for {channel} is known, 2 where it stands in the contract.",
        Unit.COUNT,
        Level.PERSON,
        ("channel", "works"),
        lambda channel_, works: pick(channel_ == channel, works),
        over="contact_points",
        how="max",
    )


def rests(purpose_class: str, level: Level) -> Insight:
    """The place in the order of holds of the first hold that rests this purpose class; unknown where none does."""
    return Insight(
        f"{'loan_' if level is Level.LOAN else ''}rests__{purpose_class}",
        f"Which hold rests '{purpose_class}'.",
        Unit.COUNT,
        level,
        ("is_active", "of_person", f"kind_rests__{purpose_class}", "place"),
        lambda is_active, of_person, rests_class, place: pick(
            is_active & of_person & (rests_class == 1), place
        ),
        over="holds" if level is Level.PERSON else "loan_holds",
        how="min",
    )


def sent(channel: str) -> Insight:
    """Contacts of the last half year through this channel."""
    return Insight(
        f"sent__{channel}",
        f"Contacts by {channel} in the last half year.",
        Unit.COUNT,
        Level.PERSON,
        ("channel", "sent_lately"),
        lambda channel_, lately: flag((channel_ == channel) & lately),
        over="contacts",
        how="sum",
        habit=True,
        neutral=0,
    )


def answered(column: str, value: str | int, name: str) -> Insight:
    """Contacts of the last half year that the person answered, for one channel, slot or weekday."""
    return Insight(
        f"answered__{name}",
        f"Contacts with {column} {value} that the person answered in the last half year.",
        Unit.COUNT,
        Level.PERSON,
        (column, "sent_lately"),
        lambda cell, lately: flag((cell == value) & lately),
        over="answers",
        how="sum",
    )


def days_between(name: str, says: str, later: str, earlier: str, level: Level) -> Insight:
    """Days from one moment to another."""
    return Insight(name, says, Unit.DAYS, level, (later, earlier), lambda a, b: floor_day(a) - floor_day(b))
