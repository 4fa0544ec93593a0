"""What the shipped strategy does on two real books; the whole of it is in docs/on-real-data.md."""

from pathlib import Path

import pytest

from tests.real import mobile, october, shares, sources
from tests.real.replay import one_look
from tideover.engine.decision.setup import Setup, read_setup

pytestmark = pytest.mark.skipif(
    not sources.present(), reason="the real books are not part of the repository: ../shared/data is absent"
)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("real")


@pytest.fixture(scope="module")
def setup() -> Setup:
    return read_setup()


def test_a_lender_of_mobile_loans_who_starts_contacts_a_fifth_of_her_borrowers_or_more(place, setup):
    decisions = one_look(sources.book(sources.MOBILE, place), setup, mobile.start())

    contacted = shares.of_rows(decisions, "made")

    assert mobile.START_ON.isoformat() == "2017-05-10"
    assert contacted.n > 1_500
    assert contacted.value >= 0.20


def test_whoever_is_offered_options_for_a_habit_misses_the_next_payment_more_often_than_after_a_first_slip(
    place, setup
):
    book = sources.book(sources.OCTOBER, place)
    said = october.said_last(one_look(book, setup, october.moments()[-1]))
    people = october.people(book).join(said, on="borrower_id")

    found = shares.by(people, "said", "ended_badly")
    habit, slip = found["options_offer: late_habit"], found["leeway_note: spotless_history"]

    assert min(habit.n, slip.n) > 100
    assert habit.is_above(slip)
