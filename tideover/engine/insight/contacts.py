"""What was said, when, and what came back.

A contact counts while it is queued, was accepted, or nobody knows: a lost reply is a contact.
Hours and weekdays are read with the person's present offset from UTC.
"""

from __future__ import annotations

import narwhals as nw

from tideover.engine.arithmetic import flag, floor_day, holds, pick, remainder, whole
from tideover.engine.insight._define import Expr, Unit, derived, row, total

LOST_REPLY = "unknown"
COUNTED_STATES = ("queued", "accepted", LOST_REPLY)
WORDS_AND_ACTS = ("replied", "answered", "acted")
CLICK = "clicked"
"""A mail scanner follows links too: a click counts once it is known to be a person's."""
NO_TALK = ("no_answer", "wrong_person")
"""Outcomes of a try that never became a talk."""

RECENT_DAYS = 180
DAY = 86_400
SLOT = 7_200
THURSDAY = 3
"""Day 0 was a Thursday; Monday is 0."""


def by_people(responses: nw.LazyFrame) -> nw.LazyFrame:
    """Those of the responses that a person gave: words and acts unless known to be a machine's, clicks once known not to be."""
    human = nw.col("human")
    said = nw.col("kind").is_in(list(WORDS_AND_ACTS)) & human.fill_null(True)
    return responses.filter(said | ((nw.col("kind") == CLICK) & human.fill_null(False)))


@row("contacts", unit=Unit.DAY)
def sent_on(send_at: Expr, utc_offset: Expr) -> Expr:
    "The local day of the contact."
    return floor_day(send_at + utc_offset)


@row("contacts", unit=Unit.YES_NO)
def sent_lately(send_at: Expr, at: Expr) -> Expr:
    "The contact left within the last half year."
    return (send_at > at - RECENT_DAYS * DAY) & (send_at <= at)


@total("contacts", "person", "max", unit=Unit.DAY)
def last_contact_on(send_at: Expr, sent_on: Expr, at: Expr) -> Expr:
    "The local day of the latest contact that has left."
    return pick(send_at <= at, sent_on)


@total("contacts", "person", "sum", unit=Unit.COUNT)
def contacts_in_7_days(send_at: Expr, at: Expr) -> Expr:
    "Contacts in the last seven times 24 hours, those that are queued included."
    return flag(send_at > at - 7 * DAY)


@total("contacts", "person", "sum", unit=Unit.COUNT)
def contacts_in_30_days(send_at: Expr, at: Expr) -> Expr:
    "Contacts in the last thirty times 24 hours, those that are queued included."
    return flag(send_at > at - 30 * DAY)


@derived("person", unit=Unit.DAYS)
def days_since_contact(last_contact_on: Expr, today: Expr) -> Expr:
    "Days since we last contacted the person, whatever the purpose."
    return today - last_contact_on


@total("conversations", "person", "max", unit=Unit.MOMENT)
def last_conversation_at(at_of_row: Expr, outcome: Expr, at: Expr) -> Expr:
    "The moment of the latest talk with the person; a try that nobody answered is no talk."
    return pick((at_of_row <= at) & ~holds(outcome.is_in(NO_TALK)), at_of_row)


@derived("person", unit=Unit.DAYS)
def days_since_conversation(last_conversation_at: Expr, utc_offset: Expr, today: Expr) -> Expr:
    "Days since we last talked with the person."
    return today - floor_day(last_conversation_at + utc_offset)


@row("answers", unit=Unit.COUNT)
def slot(send_at: Expr, utc_offset: Expr) -> Expr:
    "The two-hour slot (0 to 11) of the local day in which the answered contact went out."
    return whole(remainder(send_at + utc_offset, DAY), SLOT)


@row("answers", unit=Unit.COUNT)
def weekday(send_at: Expr, utc_offset: Expr) -> Expr:
    "The local weekday (0 is Monday) on which the answered contact went out."
    return remainder(floor_day(send_at + utc_offset) + THURSDAY, 7)


@total("answers", "person", "sum", unit=Unit.COUNT)
def answers_seen(sent_lately: Expr) -> Expr:
    "Contacts of the last half year that the person herself answered; none of whoever refuses to be studied."
    return flag(sent_lately)


@total("answers", "person", "sum", unit=Unit.COUNT)
def reminders_acted_on(sent_lately: Expr, is_reminder: Expr) -> Expr:
    "Plain reminders of the last half year after which the person acted or answered."
    return flag(is_reminder & sent_lately)


@total("contacts", "person", "sum", unit=Unit.COUNT, habit=True, neutral=0)
def reminders_sent(sent_lately: Expr, is_reminder: Expr) -> Expr:
    "Plain reminders of the last half year."
    return flag(is_reminder & sent_lately)


@derived("person", unit=Unit.SHARE, habit=True)
def reminder_works_share(reminders_sent: Expr, reminders_acted_on: Expr, reminder_prior: Expr) -> Expr:
    "How often a plain reminder is followed by an act, drawn towards the segment's published share (weight 4)."
    return whole(reminder_prior * 4 + reminders_acted_on * 10_000, reminders_sent + 4)


@derived("person", unit=Unit.YES_NO, habit=True, neutral=True)
def reminder_works(reminder_works_share: Expr) -> Expr:
    "A plain reminder moves this person at least one time in five."
    return holds(reminder_works_share >= 2_000)
