"""What a person lives through whose payment stays open: words that come slowly, never fall back, and end in an open door."""

from itertools import pairwise, product

import pytest

from tests.engine.policy.walk import Walker, walked

DAYS = 240
SPACING = {"instalment": 7, "microfinance": 3, "revolving": 21}
RUNG = {
    "leeway_note": 0,
    "neutral_reminder": 0,
    "gentle_reminder": 1,
    "options_offer": 2,
    "plan_offer": 3,
    "firm_notice": 4,
}
CALLS = ("help_call", "help_visit")
FIRM_FROM = {"instalment": 45, "microfinance": 28, "revolving": 90}
MOST_IN_A_MONTH = {"instalment": 4, "microfinance": 5, "revolving": 2}


def _people():
    for kind, called, habit, moved, officer in product(
        SPACING, (True, False), (True, False), (True, False), (True, False)
    ):
        facts = {"kind": kind, "worth_a_call": called, "often_late": habit, "reminder_works": moved, "has_officer": officer,
                 "overdue_instalments": 3}  # fmt: skip
        yield Walker(f"{kind}, {called=}, {habit=}, {moved=}, {officer=}", facts)
    for kind in SPACING:
        facts = {"kind": kind, "reminder_works": True, "worth_a_call": True, "overdue_instalments": 3}
        yield Walker(f"{kind}, a first slip", {**facts, "first_slip": True})
        yield Walker(f"{kind}, life is hard", {**facts, "in_difficulty": True})
        yield Walker(f"{kind}, on a plan", {**facts, "has_open_plan": True})
        yield Walker(f"{kind}, waiting for the chosen day", {**facts, "awaits_promise": True})
        yield Walker(f"{kind}, pays a part every two weeks", facts, pays_every=14)
        yield Walker(f"{kind}, needs support", {**facts, "worth_a_call": False, "has_support_need": True})
        yield Walker(f"{kind}, pay comes later", {**facts, "pay_comes_later": True})


@pytest.fixture(scope="module")
def people(everyday):
    return walked(everyday, list(_people()), DAYS)


def those(people, *words):
    found = [it for it in people if all(word in it.says for word in words)]
    assert found
    return found


def broken(people, holds):
    """Who lived through something else, and what."""
    return {it.says: it.said for it in people if not holds(it)}


def test_there_is_time_between_any_two_words(people):
    def spaced(it):
        days = [day for day, _, _ in it.said]
        return all(later - earlier >= SPACING[it.kind] for earlier, later in pairwise(days))

    assert broken(people, spaced) == {}


def test_once_it_has_lasted_two_weeks_lie_between_any_two_words(people):
    def slower(it):
        days = [day for day, _, _ in it.said if day >= FIRM_FROM[it.kind]]
        return all(later - earlier >= 14 for earlier, later in pairwise(days))

    assert broken(people, slower) == {}


def test_whoever_pays_what_she_can_has_two_weeks_between_any_two_words(people):
    def slower(it):
        days = [day for day, _, _ in it.said if day > 15]
        return all(later - earlier >= 14 for earlier, later in pairwise(days))

    assert broken(those(people, "pays a part"), slower) == {}


def test_a_month_never_holds_many_words(people):
    def few(it):
        days = [day for day, _, _ in it.said]
        return all(
            sum(start <= day < start + 30 for day in days) <= MOST_IN_A_MONTH[it.kind] for start in days
        )

    assert broken(people, few) == {}


def test_a_plan_once_offered_is_never_followed_by_a_reminder(people):
    def never_falls_back(it):
        rungs = [RUNG[purpose] for _, purpose, _ in it.said if purpose in RUNG]
        reached = [max(rungs[: place + 1]) for place in range(len(rungs))]
        return all(rung >= min(top, 3) for rung, top in zip(rungs, reached, strict=True))

    assert broken(people, never_falls_back) == {}


def test_a_firm_word_comes_late_and_only_after_a_plan_was_offered(people):
    def fair(it):
        firm, plans = it.days_of("firm_notice"), it.days_of("plan_offer")
        return all(day >= FIRM_FROM[it.kind] and min(plans, default=day) < day for day in firm)

    assert broken(people, fair) == {}
    assert any(it.days_of("firm_notice") for it in people)


def test_whoever_pays_what_she_can_never_hears_a_firm_word(people):
    assert broken(those(people, "pays a part"), lambda it: not it.days_of("firm_notice")) == {}


def test_between_firm_words_lie_weeks(people):
    def apart(it):
        return all(later - earlier >= 28 for earlier, later in pairwise(it.days_of("firm_notice")))

    assert broken(people, apart) == {}


def test_in_the_end_the_door_stays_open_once_a_month(people):
    def open_door(it):
        late = [(day, purpose) for day, purpose, _ in it.said if day > 180 and purpose not in CALLS]
        monthly = all(later - earlier >= 28 for (earlier, _), (later, _) in pairwise(late))
        return monthly and {purpose for _, purpose in late} <= {"plan_offer", "firm_notice"}

    assert broken(people, open_door) == {}


@pytest.mark.parametrize("rests", ["life is hard", "on a plan", "waiting for the chosen day"])
def test_whoever_told_us_or_agreed_with_us_hears_nothing_about_the_payment(people, rests):
    assert broken(those(people, rests), lambda it: it.said == []) == {}


def test_a_first_slip_hears_one_light_note_and_then_has_time(people):
    first = {it.kind: it.said[:2] for it in those(people, "a first slip")}

    assert first["instalment"][0] == (2, "leeway_note", "note")
    assert first["microfinance"][0] == (2, "leeway_note", "note")
    assert first["revolving"][0] == (1, "leeway_note", "slip")
    assert first["instalment"][1][0] > 7
    assert first["revolving"][1][0] > 30


def test_calls_are_tried_three_times_in_four_months_at_most(people):
    def few_tries(it):
        tries = it.days_of(*CALLS)
        return all(sum(start <= day < start + 120 for day in tries) <= 3 for start in tries)

    assert broken(people, few_tries) == {}
    assert broken(those(people, "needs support"), lambda it: it.days_of(*CALLS)) == {}
    assert broken(those(people, "called=False"), lambda it: not it.days_of(*CALLS)) == {}


def test_an_officer_visits_where_there_is_one_and_a_person_calls_where_there_is_none(people):
    with_officer = those(people, "microfinance, called=True", "officer=True")
    without = those(people, "microfinance, called=True", "officer=False")

    assert broken(with_officer, lambda it: it.days_of("help_visit") and not it.days_of("help_call")) == {}
    assert broken(without, lambda it: it.days_of("help_call") and not it.days_of("help_visit")) == {}


def test_whose_pay_comes_later_is_offered_another_day_first(people):
    assert {it.said[0][1:] for it in those(people, "pay comes later") if it.kind != "microfinance"} == {
        ("options_offer", "payday")
    }


def test_the_neutral_reminder_is_left_to_where_a_law_closes_the_ladders(people):
    assert broken(people, lambda it: not it.days_of("neutral_reminder")) == {}
