"""day_table and slot_table against the slow oracle: all zones, every clock change, any window."""

import random
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.kit.calendars.moves import FIRST, LAST, moves_of
from tests.kit.calendars.oracle import EVERY_MINUTE, expected_days, expected_slots, is_allowed, rows_of
from tests.kit.calendars.signatures import ODD, ZONES, signatures
from tideover.kit.calendars import ALWAYS, NEVER, Signature, Window, day_table, local_day, slot_table
from tideover.kit.days import day_of

SEED = 20260101
SAMPLE = 120
days_2026_to_2028 = st.integers(FIRST, LAST)
few_days = days_2026_to_2028.flatmap(
    lambda day: st.tuples(st.just(day), signatures(st.integers(day - 1, day + 9)))
)


def window_of(chance):
    """Any window, with edges near where clocks move."""
    night = [(opens * 15, closes * 15) for opens, closes in [sorted(chance.sample(range(21), 2))]]
    rest = [sorted(chance.sample(range(24, 97), 2))] if chance.random() < 0.7 else []
    return Window.daily(*night, *((opens * 15, closes * 15) for opens, closes in rest))


def changes():
    return [(zone, at) for zone in ZONES for at, _ in moves_of(zone)]


def check_change(zone, at, chance):
    signature = Signature(f"{zone} {at}", window_of(chance), (zone,))
    day = local_day(zone, at)

    assert rows_of(day_table([signature], day - 1, 3)) == expected_days(signature, day - 1, 3)


def test_a_sample_of_all_clock_changes_of_all_zones():
    chance = random.Random(SEED)

    for zone, at in chance.sample(changes(), SAMPLE):
        check_change(zone, at, chance)


@pytest.mark.parametrize("zone", ODD)
def test_every_change_where_clocks_do_odd_things(zone):
    for at, _ in moves_of(zone):
        check_change(zone, at, random.Random(at))


def test_zones_whose_clocks_rest():
    chance = random.Random(SEED)
    resting = [zone for zone in ZONES if not moves_of(zone)]

    for zone in chance.sample(resting, 40):
        check_change(zone, chance.randrange(FIRST, LAST) * 86_400, chance)


@pytest.mark.parametrize(
    ("zone", "on"),
    [
        ("Africa/Monrovia", date(1971, 5, 1)),  # 44 minutes and 30 seconds behind UTC
        ("Africa/Monrovia", date(1972, 1, 6)),
        ("America/St_Johns", date(2010, 3, 13)),  # clocks moved at one minute past midnight
        ("America/St_Johns", date(2010, 11, 6)),
        ("Pacific/Apia", date(2011, 12, 29)),  # the next day never was
        ("Pacific/Kwajalein", date(1993, 8, 20)),
        ("Asia/Manila", date(1844, 12, 30)),
    ],
)
def test_old_and_crooked_clocks_never_open_a_minute_too_much(zone, on):
    signature = Signature("crooked", Window.daily((0, 105), (480, 1260)), (zone,))

    rows = rows_of(day_table([signature], day_of(on), 3))

    assert rows == expected_days(signature, day_of(on), 3, looks=EVERY_MINUTE)


@given(few_days)
@example((20_540, Signature("night", Window.daily((1320, 420)), ("Europe/Riga", "America/New_York"))))
@example((20_540, Signature("never", NEVER, ("Asia/Dhaka",))))
@example(
    (20_540, Signature("always", ALWAYS, ("Pacific/Kiritimati", "Pacific/Pago_Pago"), frozenset({20_541})))
)
def test_any_window_wish_blocked_day_and_set_of_zones(case):
    day, signature = case

    assert rows_of(day_table([signature], day, 2)) == expected_days(signature, day, 2)
    assert rows_of(slot_table([signature], day, 1)) == expected_slots(signature, day, 1)


@given(few_days, st.data())
def test_a_moment_outside_is_never_between_opens_and_closes(case, data):
    day, signature = case
    table = day_table([signature], day, 2)
    runs = [
        (table[f"opens_{slot}"][row], table[f"closes_{slot}"][row])
        for slot in range(12)
        for row in range(2)
        if table[f"opens_{slot}"][row] is not None
    ]
    for opens, closes in runs:
        inside = data.draw(st.integers(opens, closes - 1))

        assert signature.allows(inside)
        assert is_allowed(signature, inside)


@given(few_days, st.integers(0, 2 * 86_400 - 1))
def test_the_check_at_the_moment_of_sending_says_what_the_clock_says(case, seconds):
    day, signature = case
    at = day * 86_400 + seconds

    assert signature.allows(at) == is_allowed(signature, at)


def test_several_signatures_come_one_after_another():
    some = [
        Signature("b", Window.daily((480, 1260)), ("Asia/Dhaka",)),
        Signature("a", Window.of({3: [(0, 240)], 5: [(1320, 1440)]}), ("UTC",)),
    ]

    days, slots = day_table(some, 20_540, 3), slot_table(some, 20_540, 3)

    assert rows_of(days) == [row for one in some for row in expected_days(one, 20_540, 3)]
    assert rows_of(slots) == [row for one in some for row in expected_slots(one, 20_540, 3)]


def test_the_columns_are_those_of_the_contract():
    pairs = [f"{edge}_{slot}" for edge in ("opens", "closes") for slot in range(12)]
    ahead = [f"{edge}_{days}" for edge in ("opens", "closes") for days in range(7)]

    assert list(day_table([], 20_540, 3)) == [
        "signature",
        "day",
        *pairs,
        *(f"next_{slot}" for slot in range(12)),
    ]
    assert list(slot_table([], 20_540, 3)) == ["signature", "slot", "day", *ahead]
    assert {len(column) for column in day_table([], 20_540, 3).values()} == {0}


def test_what_a_caller_does_to_a_table_does_not_come_back():
    riga = Signature("riga", Window.daily((480, 1260)), ("Europe/Riga",))

    day_table([riga], 20_540, 2)["opens_4"].clear()

    assert len(day_table([riga], 20_540, 2)["opens_4"]) == 2


def test_one_name_for_two_signatures_is_refused():
    two = [Signature("same", ALWAYS, ("UTC",)), Signature("same", NEVER, ("UTC",))]

    with pytest.raises(ValueError, match="share the id 'same'"):
        day_table(two, 20_540, 1)


def test_a_signature_without_a_place_is_refused():
    with pytest.raises(ValueError, match="at least one time zone"):
        Signature("nowhere", ALWAYS, ())
