"""Difficulty, support needs, reasons told, wishes: what raises protection, never lowers it."""

from __future__ import annotations

from tideover.engine.arithmetic import flag, floor_day, holds, largest, packed, packed_day, packed_value, pick
from tideover.engine.insight._define import Expr, Unit, derived, row, total

SUPPORT_NEEDS = (
    "large_print",
    "voice",
    "interpreter",
    "no_calls",
    "trusted_person",
    "shared_phone",
    "letters_only",
)
HARD_REASONS = ("job_loss", "illness", "family", "income_drop", "disaster", "other_debts", "business_slow")
DIFFICULTY_HOLDS = ("hardship", "disaster", "insolvency", "bereavement", "capacity", "abuse")
REASON_DAYS = 90
YES = "yes"


@row("holds", unit=Unit.YES_NO)
def is_active(from_at: Expr, until_at: Expr, at: Expr) -> Expr:
    "The hold has begun and has not ended."
    return holds((from_at.is_null() | (from_at <= at)) & (until_at.is_null() | (until_at > at)))


@total("holds", "person", "sum", unit=Unit.COUNT)
def difficulty_holds(is_active: Expr, kind: Expr) -> Expr:
    "Holds that tell of difficulty."
    return flag(is_active & kind.is_in(DIFFICULTY_HOLDS))


@total("lateness_reasons", "person", "sum", unit=Unit.COUNT)
def hard_reasons(need: Expr, told_at: Expr, today: Expr) -> Expr:
    "Reasons told in the last ninety days that speak of money being short."
    return flag(need.is_in(HARD_REASONS) & (floor_day(told_at) > today - REASON_DAYS))


@total("lateness_reasons", "person", "sum", unit=Unit.COUNT)
def payday_reasons(need: Expr, told_at: Expr, today: Expr) -> Expr:
    "Reasons told in the last ninety days that say pay comes after the due day."
    return flag((need == "payday_later") & (floor_day(told_at) > today - REASON_DAYS))


@total("holds", "person", "max", unit=Unit.DAY)
def disaster_hold_on(is_active: Expr, kind: Expr, from_at: Expr) -> Expr:
    "The day (UTC) from which a hold for a shared hardship protects the person."
    return pick(is_active & (kind == "disaster"), floor_day(from_at.fill_null(0)))


@total("lateness_reasons", "person", "max", unit=Unit.DAY)
def disaster_told_on(need: Expr, told_at: Expr, today: Expr) -> Expr:
    "The day (UTC) in the last ninety on which the person last told us of a disaster."
    return pick((need == "disaster") & (floor_day(told_at) > today - REASON_DAYS), floor_day(told_at))


@derived("person", unit=Unit.DAYS)
def days_since_disaster(disaster_hold_on: Expr, disaster_told_on: Expr, today: Expr) -> Expr:
    "Days since a shared hardship touched the person, by a hold that lasts or her own word; unknown where none does."
    return today - largest(disaster_hold_on, disaster_told_on)


@total("preferences", "person", "sum", unit=Unit.COUNT)
def support_needs(name: Expr, value: Expr) -> Expr:
    "Support needs the person has told us."
    return flag(name.is_in(SUPPORT_NEEDS) & (value == YES))


@total("preferences", "person", "max", unit=Unit.COUNT)
def refuses_study(name: Expr, value: Expr) -> Expr:
    "1 where the person said: do not study my habits."
    return flag((name == "do_not_study") & (value == YES))


@total("preferences", "person", "max", unit=Unit.COUNT)
def refuses_calls(name: Expr, value: Expr) -> Expr:
    "1 where the person asked not to be called."
    return flag(name.is_in(("no_calls", "letters_only")) & (value == YES))


@total("preferences", "person", "max", unit=Unit.COUNT)
def shares_phone(name: Expr, value: Expr) -> Expr:
    "1 where others use the person's phone."
    return flag((name == "shared_phone") & (value == YES))


@total("preferences", "person", "max", unit=Unit.CODE)
def wished_channels(name: Expr, value: Expr) -> Expr:
    "The channels the person wants, separated by commas."
    return pick(name == "channels", value)


@total("preferences", "person", "max", unit=Unit.CODE)
def wished_hours(name: Expr, value: Expr) -> Expr:
    "The hours in which the person wants to hear from us: morning, afternoon, evening, or HH-HH."
    return pick(name == "hours", value)


@total("preferences", "person", "max", unit=Unit.CODE)
def wished_quiet_days(name: Expr, value: Expr) -> Expr:
    "Weekdays on which the person wants quiet, separated by commas."
    return pick(name == "quiet_days", value)


@total("preferences", "person", "max", unit=Unit.CODE)
def wished_rhythm(name: Expr, value: Expr) -> Expr:
    "The rhythm in which the person would rather pay."
    return pick(name == "rhythm", value)


@derived("person", unit=Unit.YES_NO)
def do_not_study(refuses_study: Expr) -> Expr:
    "The person refused that we learn from behaviour: only contract and dates remain."
    return holds(refuses_study > 0)


@derived("person", unit=Unit.YES_NO)
def in_difficulty(difficulty_holds: Expr, hard_reasons: Expr) -> Expr:
    "A hold or a reason told in the last ninety days says that money is short or life is hard."
    return holds((difficulty_holds > 0) | (hard_reasons > 0))


@derived("person", unit=Unit.YES_NO)
def pay_comes_later(payday_reasons: Expr) -> Expr:
    "The person told us in the last ninety days that pay comes after the due day."
    return holds(payday_reasons > 0)


@derived("person", unit=Unit.YES_NO)
def has_support_need(support_needs: Expr) -> Expr:
    "The person told us at least one support need."
    return holds(support_needs > 0)


@total("complaints", "person", "sum", unit=Unit.COUNT)
def open_complaints(state: Expr, closed_at: Expr) -> Expr:
    "Complaints that are open."
    return flag(closed_at.is_null() & ((state != "closed") | state.is_null()))


@total("complaints", "person", "max", unit=Unit.DAY)
def complaint_closed_on(closed_at: Expr) -> Expr:
    "The day (UTC) on which a complaint was last closed."
    return floor_day(closed_at)


@derived("person", unit=Unit.DAYS)
def days_since_complaint_closed(complaint_closed_on: Expr, today: Expr) -> Expr:
    "Days since a complaint of the person was last closed."
    return today - complaint_closed_on


@total("survey_answers", "person", "max", unit=Unit.COUNT)
def satisfaction_pack(at_of_row: Expr, score: Expr) -> Expr:
    "The day and score of the latest survey answer; of two on one day the better."
    return pick(score >= 0, packed(floor_day(at_of_row), score))


@derived("person", unit=Unit.SCORE)
def satisfaction(satisfaction_pack: Expr) -> Expr:
    "The latest score the person gave us."
    return packed_value(satisfaction_pack)


@derived("person", unit=Unit.DAYS)
def days_since_survey(satisfaction_pack: Expr, today: Expr) -> Expr:
    "Days since the person last answered a survey."
    return today - packed_day(satisfaction_pack)


@total("lessons_done", "person", "max", unit=Unit.DAY)
def last_lesson_on(at_of_row: Expr) -> Expr:
    "The day (UTC) of the latest lesson done."
    return floor_day(at_of_row)


@derived("person", unit=Unit.DAYS)
def days_since_lesson(last_lesson_on: Expr, today: Expr) -> Expr:
    "Days since the person last did a lesson."
    return today - last_lesson_on


INTEREST_DAYS = 45


@total("interests", "person", "sum", unit=Unit.COUNT)
def interests_seen(at_of_row: Expr, today: Expr, kind: Expr) -> Expr:
    "Products looked at, searched or asked for in the last 45 days."
    return flag((floor_day(at_of_row) > today - INTEREST_DAYS) & (kind != "bought"))


@total("interests", "person", "max", unit=Unit.CODE)
def product_interest(at_of_row: Expr, today: Expr, kind: Expr, product: Expr) -> Expr:
    "A product the person looked for in the last 45 days; of several the last by name."
    return pick((floor_day(at_of_row) > today - INTEREST_DAYS) & (kind != "bought"), product)


@total("interests", "person", "min", unit=Unit.CODE)
def first_product_interest(at_of_row: Expr, today: Expr, kind: Expr, product: Expr) -> Expr:
    "A product the person looked for in the last 45 days; of several the first by name."
    return pick((floor_day(at_of_row) > today - INTEREST_DAYS) & (kind != "bought"), product)


@total("interests", "person", "sum", unit=Unit.COUNT)
def bought_lately(at_of_row: Expr, today: Expr, kind: Expr) -> Expr:
    "Products bought in the last 45 days."
    return flag((floor_day(at_of_row) > today - INTEREST_DAYS) & (kind == "bought"))


@derived("person", unit=Unit.YES_NO)
def interest_is_clear(product_interest: Expr, first_product_interest: Expr, bought_lately: Expr) -> Expr:
    "All that the person looked for in the last 45 days was one product, and she has not just bought one."
    return holds((product_interest == first_product_interest) & (bought_lately == 0))


@total("visits", "person", "max", unit=Unit.DAY)
def last_visit_on(at_of_row: Expr) -> Expr:
    "The day (UTC) of the latest visit."
    return floor_day(at_of_row)
