"""Segments: the few groups for which shares are published, and what follows from them."""

from __future__ import annotations

import narwhals as nw

from tideover.engine.arithmetic import flag, holds, pick
from tideover.engine.insight._define import Expr, Unit, derived, row, total


@derived("person", unit=Unit.CODE, habit=True, neutral="new")
def habit_segment(new_to_credit: Expr, spotless: Expr, often_late: Expr) -> Expr:
    "new, spotless, sometimes or often late."
    known = nw.when(often_late).then(nw.lit("often")).otherwise(nw.lit("sometimes"))
    return (
        nw.when(new_to_credit)
        .then(nw.lit("new"))
        .otherwise(nw.when(spotless).then(nw.lit("spotless")).otherwise(known))
    )


@derived("person", unit=Unit.CODE)
def lateness_band(worst_days_past_due: Expr) -> Expr:
    "current, 1-29, 30-59 or 60+ days past due."
    deep = nw.when(worst_days_past_due >= 60).then(nw.lit("60+")).otherwise(nw.lit("30-59"))
    light = nw.when(worst_days_past_due >= 30).then(deep).otherwise(nw.lit("1-29"))
    return nw.when(worst_days_past_due >= 1).then(light).otherwise(nw.lit("current"))


@derived("person", unit=Unit.CODE)
def leaf(habit_segment: Expr, lateness_band: Expr) -> Expr:
    "The segment for which shares and weights are published."
    return nw.concat_str(habit_segment, lateness_band, separator="/")


@derived("person", unit=Unit.YES_NO)
def worth_a_call(call_effect: Expr, call_cutoff: Expr) -> Expr:
    "A call is expected to help at least as much as the least call the person's team can give today."
    return holds(call_effect >= call_cutoff)


@derived("person", unit=Unit.YES_NO)
def has_officer(officer_name: Expr) -> Expr:
    "A field officer or adviser of the person is known by name."
    return holds(officer_name != "")


@row("locations", unit=Unit.CODE)
def present_zone(until: Expr, since: Expr, at: Expr, timezone: Expr) -> Expr:
    "The time zone of a place where the person may be now."
    return pick(_present(since, until, at), timezone)


@row("locations", unit=Unit.COUNT)
def zone_place(present_zone: Expr) -> Expr:
    "The place of the zone, by name, among all in which the person may be."
    return pick(~present_zone.is_null(), present_zone.rank("dense").over("borrower_id").cast(nw.Int64))


@total("locations", "person", "max", unit=Unit.CODE)
def zone_1(zone_place: Expr, present_zone: Expr) -> Expr:
    "The first by name of the time zones in which the person may be."
    return pick(zone_place == 1, present_zone)


@total("locations", "person", "max", unit=Unit.CODE)
def zone_2(zone_place: Expr, present_zone: Expr) -> Expr:
    "The second by name of the time zones in which the person may be."
    return pick(zone_place == 2, present_zone)


@total("locations", "person", "max", unit=Unit.CODE)
def zone_3(zone_place: Expr, present_zone: Expr) -> Expr:
    "The third by name of the time zones in which the person may be."
    return pick(zone_place == 3, present_zone)


@total("locations", "person", "max", unit=Unit.CODE)
def zone_4(zone_place: Expr, present_zone: Expr) -> Expr:
    "The fourth by name of the time zones in which the person may be."
    return pick(zone_place == 4, present_zone)


@total("locations", "person", "max", unit=Unit.COUNT)
def zones_known(zone_place: Expr) -> Expr:
    "How many different time zones the person may be in by what is said of her places."
    return zone_place


@total("locations", "person", "max", unit=Unit.CODE)
def region(until: Expr, since: Expr, at: Expr, country: Expr, region: Expr) -> Expr:
    "Country and region of a present location, as BR-SP; of several the last by name."
    return pick(_present(since, until, at), nw.concat_str(country, region, separator="-"))


@total("locations", "person", "sum", unit=Unit.COUNT)
def places_known(until: Expr, since: Expr, at: Expr) -> Expr:
    "Places where the person may be."
    return flag(_present(since, until, at))


def _present(since: Expr, until: Expr, at: Expr) -> Expr:
    return (since.is_null() | (since <= at)) & (until.is_null() | (until > at))
