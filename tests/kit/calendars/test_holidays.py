"""Public holidays, weekends and working days."""

from datetime import date

import pytest

from tideover.kit.calendars import (
    UnknownCountry,
    WorkingCalendar,
    holidays_in,
    holidays_of,
    weekend,
    worked_weekends,
    working_days,
)
from tideover.kit.days import date_of, day_of

SHIPPED = ["US", "GB", "DE", "LV", "IN", "VN", "BD", "BR", "IR"]


def day(month, dom, year=2026):
    return day_of(date(year, month, dom))


@pytest.mark.parametrize(
    ("country", "rests"),
    [("LV", {5, 6}), ("US", {5, 6}), ("BD", {4, 5}), ("IR", {4})],
)
def test_weekends_differ(country, rests):
    assert weekend(country) == rests


@pytest.mark.parametrize(
    ("country", "month", "dom"),
    [
        ("LV", 11, 18),
        ("US", 7, 4),
        ("DE", 10, 3),
        ("IN", 1, 26),
        ("VN", 9, 2),
        ("BD", 12, 16),
        ("BR", 9, 7),
        ("IR", 2, 11),
    ],
)
def test_national_days_are_holidays(country, month, dom):
    assert day(month, dom) in holidays_of(country, [2026])


def test_parts_of_a_country_have_their_own():
    assert day(7, 9) in holidays_of("BR", [2026], "SP")
    assert day(7, 9) not in holidays_of("BR", [2026])


def test_only_the_years_asked_for():
    assert {date_of(one).year for one in holidays_of("US", [2021, 2022])} <= {2021, 2022}


def test_days_that_follow_the_moon_say_that_they_are_estimates():
    in_2029 = {one.name: one.is_estimate for one in holidays_in("BD", [2029])}

    assert in_2029["Independence Day"] is False
    assert any(estimate for name, estimate in in_2029.items() if name.startswith("Eid al-Fitr"))


def test_no_holiday_of_a_fixed_date_is_called_an_estimate():
    assert not any(one.is_estimate for one in holidays_in("LV", range(2020, 2040)))


def test_what_the_lender_knows_replaces_an_estimate():
    eid, moon_seen_later = day(3, 21), day(3, 24)

    known = holidays_in(
        "BD", [2026], changes={eid: None, moon_seen_later: "Eid al-Fitr", day(1, 1, 2031): "Later"}
    )

    assert eid not in {one.day for one in known}
    assert [one.is_estimate for one in known if one.day == moon_seen_later] == [False]
    assert {date_of(one.day).year for one in known} == {2026}


@pytest.mark.parametrize("country", SHIPPED)
def test_every_country_with_rules_has_a_calendar(country):
    assert len(holidays_of(country, [2026])) >= 5
    assert holidays_of(country.lower(), [2026]) == holidays_of(country, [2026])


def test_an_unknown_country_or_part_is_refused():
    with pytest.raises(UnknownCountry, match="'XX'"):
        holidays_of("XX", [2026])
    with pytest.raises(UnknownCountry, match=r"known parts: .*SP"):
        holidays_of("BR", [2026], "QQ")


def test_a_due_date_on_a_holiday_moves_to_the_next_working_day():
    dhaka, riga = WorkingCalendar("BD"), WorkingCalendar("LV")

    assert dhaka.on_or_after(day(12, 16)) == day(12, 17)
    assert dhaka.on_or_after(day(12, 18)) == day(12, 20)  # Friday and Saturday rest in Bangladesh
    assert riga.on_or_after(day(12, 18)) == day(12, 18)
    assert riga.on_or_before(day(11, 18)) == day(11, 17)


def test_ten_business_days_skip_weekends_and_thanksgiving():
    assert WorkingCalendar("US").after(day(11, 20), 10) == day(12, 7)


def test_a_saturday_worked_to_bridge_a_holiday_is_a_working_day():
    bridged = day(1, 17)  # for the free Friday 2 January

    assert bridged in worked_weekends("LV", 2026)
    assert WorkingCalendar("LV").is_working(bridged)
    assert not WorkingCalendar("LV").is_working(day(1, 2))


def test_a_lender_that_works_on_saturdays():
    saturdays_too = WorkingCalendar("IN", rests=frozenset({6}))

    assert saturdays_too.is_working(day(7, 11))
    assert not saturdays_too.is_working(day(7, 12))


def test_a_lender_adds_and_removes_holidays():
    own = WorkingCalendar("LV", changes={day(7, 8): "Founding day", day(11, 18): None})

    assert not own.is_working(day(7, 8))
    assert own.is_working(day(11, 18))


def test_working_days_of_a_week():
    assert working_days("LV", day(11, 16), 7) == (day(11, 16), day(11, 17), day(11, 19), day(11, 20))


def test_a_term_without_days_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        WorkingCalendar("LV").after(day(1, 5), 0)


def test_terms_run_over_the_new_year():
    riga = WorkingCalendar("LV")
    term = riga.after(day(12, 22), 5)

    assert term == riga.between(day(12, 23), day(2, 1, 2027))[4]
    assert date_of(term) == date(2027, 1, 4)
