"""Traps the reference found once: each stays shut."""

import pytest

from tests.generative.deciding import Case, by_engine, written
from tests.people import (
    AT,
    DAY,
    HOUR,
    TODAY,
    fresh_payments,
    guarantor_of,
    held,
    late,
    loan,
    moment,
    outsider,
    prefers,
    reachable,
    row,
    schedule,
    someone,
    talked,
    together,
    told,
)


def decided(tmp_path, *rows, at=AT):
    book = together(fresh_payments(at), {"instalments": []}, *rows)
    answer = by_engine(Case(book, at), written(book, tmp_path / f"book-{len(rows)}"))
    return {row["borrower_id"]: row for row in answer["decisions"]}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Everybody whose story needs no neighbours, in one book."""
    soft = {"large_print": "yes"}  # nothing is left to chance for them, so that a story has one end
    people = [
        # a wish in words we do not know
        together(late("whatsapp"), prefers("whatsapp", channels="whatsapp")),
        together(late("spaced"), prefers("spaced", channels="letter , sms", **soft)),
        together(late("barred"), prefers("barred", hours="8|12", quiet_days="su|n", **soft)),
        # a loan of which nobody knows the kind
        together(late("kindless", days_late=12, country="LV", zone="Europe/Riga")),
        # five places at once
        together(late("everywhere"), *(_at_a_place("everywhere", zone) for zone in ZONES)),
        # two caps hold; the one that holds longest is named
        together(
            late("capped"),
            prefers("capped", **soft),
            *(told("capped", "lesson", send_at=AT - n * DAY) for n in (2, 4, 5)),
        ),
        # a try that nobody answered is no talk
        together(late("tried"), prefers("tried", **soft), talked("tried", at=AT - HOUR, outcome="no_answer")),
        # a hold on a loan rests every party, one on a person that person alone
        together(late("insolvent", days_late=70), held("insolvent", "insolvency")),
        guarantor_of("insolvent", "surety-of-insolvent"),
        together(late("minor", days_late=70), held("minor", "minor", loan="minor-loan-1")),
        guarantor_of("minor", "surety-of-minor"),
    ]
    for row_ in people[3]["loans"]:
        row_["kind"] = None
    people[5]["contacts"].append(told("capped", "survey", send_at=AT - 10 * HOUR)["contacts"][0])
    return decided(tmp_path_factory.mktemp("town"), *people)


ZONES = ("Asia/Tokyo", "Africa/Lagos", "America/New_York", "Europe/Riga", "Asia/Tehran")


def _at_a_place(name, zone):
    return {"locations": [row("locations", borrower_id=name, source=zone, since=0, timezone=zone)]}


def test_a_wish_for_whatsapp_is_no_wish_for_the_app(town):
    assert town["whatsapp"]["treatment"] == "none"
    assert "wished_other_channel@app" in town["whatsapp"]["blocked_by"]


def test_spaces_in_a_wish_do_not_matter(town):
    assert town["spaced"]["channel"] in ("letter", "sms")


def test_a_wish_that_cannot_be_read_closes_her_hours_and_stops_nobody_elses_run(town):
    assert town["barred"]["treatment"] == "none"
    assert town["barred"]["blocked_by"] == "closed_until_use_by"


def test_the_duties_that_hold_for_any_loan_hold_for_one_of_unknown_kind(town):
    assert town["kindless"]["purpose"] == "first_notice"
    assert town["kindless"]["treatment"] in ("contact", "wait")


def test_whoever_may_be_in_too_many_places_is_left_in_peace(town):
    assert town["everywhere"]["treatment"] == "none"
    assert town["everywhere"]["blocked_by"] == "closed_until_use_by"


def test_the_cap_that_holds_longest_is_named(town):
    assert town["capped"]["treatment"] == "wait"
    assert town["capped"]["blocked_by"] == "default_budget_week"


def test_a_try_that_nobody_answered_gives_no_rest(town):
    assert town["tried"]["send_at"] == AT


def test_a_hold_that_covers_a_loan_rests_its_guarantor_too(town):
    assert town["surety-of-insolvent"]["blocked_by"] == "hold_insolvency"


def test_a_hold_that_covers_a_person_rests_that_person_alone(town):
    assert town["minor"]["blocked_by"] == "hold_minor"
    assert town["surety-of-minor"]["purpose"] == "guarantor_notice"


def test_a_clock_nobody_knows_does_not_follow_the_neighbours(tmp_path):
    evening = moment("2026-11-25T22:30")
    nobody = together(
        someone("nobody", timezone=None),
        reachable("nobody"),
        loan("nobody"),
        schedule("nobody", [TODAY, TODAY + 30]),
    )
    in_riga = together(late("riga", zone="Europe/Riga", country="LV"))

    with_riga = decided(tmp_path, nobody, in_riga, at=evening)["nobody"]
    with_two_zones = decided(tmp_path, nobody, in_riga, outsider(), at=evening)["nobody"]

    assert with_riga == with_two_zones


def test_a_region_without_rules_of_its_own_has_its_countrys(tmp_path):
    in_new_york = late("york", country="US-NY", zone="America/New_York")
    in_the_states = late("states", country="US", zone="America/New_York")

    answers = decided(
        tmp_path,
        *(
            together(it, prefers(name, large_print="yes"))
            for name, it in (("york", in_new_york), ("states", in_the_states))
        ),
    )

    assert answers["york"]["use_by"] == answers["states"]["use_by"]
    assert answers["york"]["send_at"] == answers["states"]["send_at"] == moment("2026-11-25T13:00")
