"""Facts about clocks that a decision hangs on, and that no machine's own time zone files may change."""

import zoneinfo
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from tests.kit.calendars.moves import moves_of
from tests.kit.calendars.oracle import wall
from tideover.kit.calendars import (
    Signature,
    UnknownZone,
    Window,
    day_table,
    local_day,
    local_minute,
    moment_of,
    offset_at,
    offset_spans,
    quarter_from,
    zone_names,
    zones,
)
from tideover.kit.days import day_of

HOUR = 3600


def moment(*when):
    return int(datetime(*when, tzinfo=UTC).timestamp())


def shifts_2026(zone):
    """{local date: hours the clock is put forward} as the product sees it."""
    spans = offset_spans(zone, moment(2026, 1, 1), moment(2027, 1, 1))
    return {wall(zone, at).date(): (new - old) / HOUR for (_, _, old), (at, _, new) in pairwise(spans)}


@pytest.mark.parametrize(
    ("zone", "shifts"),
    [
        ("Europe/Riga", {date(2026, 3, 29): 1, date(2026, 10, 25): -1}),
        ("America/New_York", {date(2026, 3, 8): 1, date(2026, 11, 1): -1}),
        ("Australia/Lord_Howe", {date(2026, 4, 5): -0.5, date(2026, 10, 4): 0.5}),
        ("Asia/Tehran", {}),
        ("Asia/Dhaka", {}),
        ("Asia/Ho_Chi_Minh", {}),
        ("Asia/Kolkata", {}),
        ("America/Sao_Paulo", {}),
    ],
)
def test_clocks_move_on_these_days_of_2026(zone, shifts):
    assert shifts_2026(zone) == shifts


def test_casablanca_goes_back_an_hour_for_ramadan_2026():
    in_spring = {on: hours for on, hours in shifts_2026("Africa/Casablanca").items() if on < date(2026, 6, 1)}

    assert in_spring == {date(2026, 2, 15): -1, date(2026, 3, 22): 1}


def test_the_hours_of_a_day_follow_the_clock_over_a_change():
    riga = Signature("riga", Window.daily((480, 1260)), ("Europe/Riga",))

    table = day_table([riga], day_of(date(2026, 3, 28)), 2)

    assert table["opens_4"] == [moment(2026, 3, 28, 6), moment(2026, 3, 29, 5)]
    assert table["closes_10"] == [moment(2026, 3, 28, 19), moment(2026, 3, 29, 18)]


def test_a_skipped_hour_is_no_hour():
    night = Signature(
        "night", Window.daily((180, 240)), ("Europe/Riga",)
    )  # 03:00 to 04:00, skipped on 29 March

    table = day_table([night], day_of(date(2026, 3, 28)), 3)

    assert table["opens_1"] == [moment(2026, 3, 28, 1), None, moment(2026, 3, 30, 0)]
    assert table["next_1"] == [2, 1, 1]


def test_an_hour_shown_twice_is_open_twice():
    night = Signature("night", Window.daily((180, 240)), ("Europe/Riga",))

    table = day_table([night], day_of(date(2026, 10, 25)), 1)

    assert table["closes_1"][0] - table["opens_1"][0] == 2 * HOUR


def test_a_slot_that_a_clock_shows_in_two_pieces_gives_the_first():
    # Troll goes back from 03:00 to 01:00: 00:00-02:00, 02:00-03:00, again 01:00-02:00, then on.
    troll = Signature("troll", Window.daily((0, 1440)), ("Antarctica/Troll",))
    back = next(at for at, forward in moves_of("Antarctica/Troll") if forward == -2 * HOUR)

    table = day_table([troll], local_day("Antarctica/Troll", back), 1)

    assert (table["closes_0"][0], table["opens_1"][0], table["closes_1"][0]) == (
        back - HOUR,
        back - HOUR,
        back,
    )


def test_a_day_that_never_was_is_closed():
    samoa = Signature("samoa", Window.daily((0, 1440)), ("Pacific/Apia",))  # no 30 December 2011

    table = day_table([samoa], day_of(date(2011, 12, 29)), 3)

    assert [opens is None for opens in table["opens_5"]] == [False, True, False]


@pytest.mark.parametrize(
    "zone", ["Europe/Riga", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Kiritimati"]
)
def test_offset_local_day_and_minute_are_what_the_clock_shows(zone):
    for at in range(moment(2026, 1, 1), moment(2027, 1, 1), 37 * 1801):
        shown = wall(zone, at)

        assert offset_at(zone, at) == shown.utcoffset().total_seconds()
        assert local_day(zone, at) == day_of(shown.date())
        assert local_minute(zone, at) == shown.hour * 60 + shown.minute


def test_the_moment_of_a_wall_time():
    spring, autumn = day_of(date(2026, 3, 29)), day_of(date(2026, 10, 25))

    assert moment_of("Europe/Riga", spring, 8 * 60) == moment(2026, 3, 29, 5)
    assert moment_of("Europe/Riga", spring, 3 * 60 + 30) == moment(2026, 3, 29, 1)  # skipped: when it is over
    assert moment_of("Europe/Riga", autumn, 3 * 60 + 30) == moment(
        2026, 10, 25, 0, 30
    )  # shown twice: the first


def test_quarters_start_at_or_after_a_moment():
    assert [quarter_from(at) for at in (0, 1, 899, 900, -1)] == [0, 900, 900, 900, 0]


def test_spans_leave_no_gap_and_no_empty_piece():
    start, end = moment(2026, 3, 29, 1), moment(2026, 10, 25, 1)  # exactly on both moves of Riga

    spans = offset_spans("Europe/Riga", start, end)

    assert spans == ((start, end, 3 * HOUR),)


def test_an_unknown_zone_is_refused_with_the_nearest_name():
    with pytest.raises(UnknownZone, match="Did you mean 'Europe/Riga'"):
        offset_at("Europe/Rigga", 0)


@pytest.mark.parametrize("name", ["", "..", "../zones", "/etc/passwd", "Europe", "localtime"])
def test_a_name_that_is_a_path_is_no_zone(name):
    with pytest.raises(UnknownZone):
        offset_at(name, 0)


def test_every_zone_of_the_standard_list_is_known():
    of_this_machine = {"localtime", "posixrules", "Factory"}

    assert zoneinfo.available_timezones() - of_this_machine <= zone_names()


def test_the_zone_files_of_the_machine_are_not_asked(tmp_path):
    other = tmp_path / "Europe"
    other.mkdir()
    with zones.resources.files("tzdata").joinpath("zoneinfo/Asia/Tokyo").open("rb") as tokyo:
        (other / "Riga").write_bytes(tokyo.read())

    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    zones.zone_of.cache_clear()
    try:
        assert zones.zone_of("Europe/Riga").utcoffset(datetime(2026, 1, 1)).total_seconds() == 2 * HOUR  # noqa: DTZ001
    finally:
        zoneinfo.reset_tzpath()
