"""Twenty people told in words: who is chosen, and how their days read."""

import polars as pl
import pytest

from tests.engine.measure.conftest import DAY, START
from tideover.engine.measure.stories import Teller, choose


def people(**columns) -> pl.DataFrame:
    known = pl.DataFrame(columns)
    return known.with_columns(seed=pl.int_range(pl.len(), dtype=pl.Int64).reverse())


def row(day=0, **told):
    known = {
        "borrower_id": "b1",
        "at": START + day * DAY,
        "treatment": "none",
        "purpose": None,
        "channel": None,
    }
    known |= {
        "send_at": None,
        "tone": None,
        "reasons": "nothing_useful_to_say",
        "blocked_by": "",
        "leaf": "often/1-29",
    }
    return known | told


@pytest.fixture
def teller(words):
    return Teller(words, {"b1": "Asia/Dhaka"})


def told(teller, *rows):
    return teller.story("b1", "drawn by seed", {"everyday": rows}).sides[0][1]


def test_the_edges_come_first_and_the_seed_fills_up_to_twenty():
    names = [f"b{n:02}" for n in range(40)]
    given = people(
        borrower_id=names,
        contacts=[9, *[1] * 39],
        calls=[0, 2, *[0] * 38],
        blocked=[0] * 40,
        changed=[0] * 40,
    )

    chosen = choose(given)

    assert len(chosen) == len(dict(chosen)) == 20
    assert chosen[0] == ("b00", "hears from us most often")
    assert dict(chosen)["b01"] == "a person calls"
    assert chosen[-1] == ("b22", "drawn by seed")  # b39 has the smallest seed


def test_the_order_of_the_rows_chooses_nobody():
    given = people(borrower_id=[f"b{n}" for n in range(30)], contacts=[n % 3 for n in range(30)])

    assert choose(given) == choose(given.reverse()) == choose(given.sample(fraction=1, shuffle=True, seed=3))


def test_a_message_is_told_with_channel_hour_on_her_own_clock_tone_and_reason(teller):
    send_at = START + 2 * 3_600

    (line,) = told(
        teller,
        row(
            treatment="contact",
            purpose="due_soon",
            channel="sms",
            send_at=send_at,
            tone="warm",
            reasons="payment_near",
        ),
    )

    assert line.head == "sms, 14:00, warm tone"
    assert line.says == "A payment is coming: amount, day, ways to pay. A payment is near."
    assert line.first_day == line.last_day == START // DAY


def test_days_of_the_same_silence_are_one_line(teller):
    lines = told(teller, row(0), row(1), row(2, reasons="promise_running"), row(3))

    assert [(line.first_day - START // DAY, line.last_day - START // DAY) for line in lines] == [
        (0, 1),
        (2, 2),
        (3, 3),
    ]
    assert lines[1].says == "A chosen day is still to come or has only just passed, so reminders rest."


def test_a_wait_that_moves_says_where_it_moved(teller):
    waiting = {"treatment": "wait", "purpose": "lesson", "reasons": "lesson_fits_now,better_moment_later"}

    (line,) = told(
        teller, row(0, **waiting, send_at=START + 3 * DAY), row(1, **waiting, send_at=START + 5 * DAY)
    )

    assert line.head == "waits for Thu 5 Nov, then Sat 7 Nov"
    assert line.says == "One short lesson. A short lesson fits now."


def test_what_stood_in_the_way_is_told_once_and_in_a_sentence(teller):
    (line,) = told(teller, row(blocked_by="no_address@app,no_address@sms,default_budget_day"))

    assert line.says.count("No working address for this channel.") == 1
    assert "once a day" in line.says
    assert "confirm it" not in line.says


def test_a_restricted_reason_is_not_told_beside_a_name(teller):
    (line,) = told(teller, row(blocked_by="hold_identity_theft"))

    assert "someone else's name" not in line.says
    assert "We are checking our records first." in line.says


def test_what_the_source_assumed_is_not_a_reason(teller):
    (line,) = told(teller, row(reasons="just_paid,assumed_channel,assumed_consent"))

    assert line.says == "Money came within the last days."
