"""Waiting for a better day ends: what is worth saying for some days is said within them, however the lots fall."""

from collections import Counter

import pytest

from tests.generative.deciding import Case, by_engine, written
from tests.people import AT, DAY, fresh_payments, late, together

PEOPLE = [f"p{number}" for number in range(150)]
USE_BY = 5


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """A week of nights about people whose need stays as it is and whom nobody has reached yet."""
    found = []
    for night in range(USE_BY + 2):
        at = AT + night * DAY
        book = together(fresh_payments(at), *(late(name, days_late=22) for name in PEOPLE))
        answer = by_engine(Case(book, at), written(book, tmp_path_factory.mktemp("night")))
        found.append({row["borrower_id"]: row for row in answer["decisions"]})
    return found


def first_contact(nights, name):
    return next((number for number, it in enumerate(nights) if it[name]["treatment"] == "contact"), None)


def test_nobody_is_made_to_wait_from_night_to_night(nights):
    spoken_to = [it for it in PEOPLE if nights[0][it]["arm"] == "treated"]
    days = {first_contact(nights, it) for it in spoken_to}

    assert {nights[0][it]["purpose"] for it in spoken_to} == {"plan_offer"}
    assert None not in days
    assert max(days) <= USE_BY


def test_the_day_is_still_a_matter_of_chance_and_rounds_do_not_end_for_all_at_once(nights):
    days = Counter(first_contact(nights, it) for it in PEOPLE)

    assert sum(days[day] > 5 for day in range(USE_BY + 1)) >= 4
    assert max(days.values()) < len(PEOPLE) / 2
