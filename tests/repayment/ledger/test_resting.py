"""While a hold rests interest, the days of it cost nothing: to the unit, whenever it begins, ends, or is lifted."""

from copy import deepcopy
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import TODAY, held, loan, outsider, row, someone, together
from tests.portal import signed_in_as
from tests.recording import NOW, recorded
from tests.repayment.ledger.asha import LOAN, balances, pay, pounds
from tests.repayment.ledger.test_pouring import schedules
from tests.web.portal.test_pay import text_of
from tests.web.scene import clock_at
from tideover.access.actors import SYSTEM
from tideover.kit.days import date_of
from tideover.repayment import ledger
from tideover.repayment.ledger.pouring import owed_on
from tideover.repayment.ledger.rest_days import Range, free_days, let_rest, merged
from tideover.repayment.ledger.taking_up import take_up
from tideover.repayment.ledger.verifying import verify_accounts
from tideover.repayment.loans import loan_of

BEGAN = date(2026, 7, 1)
LATER = NOW + timedelta(hours=1)
TODAY_ON = date_of(TODAY)
DAYS = st.dates(date(2026, 6, 1), date(2027, 6, 1))
RANGES = st.lists(st.builds(Range, DAYS, st.one_of(st.none(), DAYS)), max_size=4).map(merged)


@given(schedules(), DAYS)
def test_from_the_day_on_which_everything_rests_no_period_costs_interest(steps, start):
    before = deepcopy(steps)

    let_rest(steps, (Range(start),), began_on=BEGAN)

    dues = sorted({it.due_on for it in steps})
    for was, now in zip(before, steps, strict=True):
        began = max([it for it in dues if it < now.due_on], default=BEGAN)
        if start <= began:
            assert now.due["interest"] == 0
        if start >= now.due_on:
            assert now.due["interest"] == was.due["interest"]
        assert now.due["interest"] + now.rested == was.due["interest"]


@given(schedules(), RANGES)
def test_each_period_asks_for_the_days_that_do_not_rest_counted_one_by_one(steps, ranges):
    before = deepcopy(steps)

    let_rest(steps, ranges, began_on=BEGAN)

    dues = sorted({it.due_on for it in steps})
    for was, now in zip(before, steps, strict=True):
        began = max([it for it in dues if it < now.due_on], default=BEGAN)
        days = [began + timedelta(days=n) for n in range((now.due_on - began).days)]
        free = [it for it in days if not any(one.start <= it < (one.end or date.max) for one in ranges)]
        assert now.due["interest"] == was.due["interest"] * len(free) // len(days)


@given(RANGES, DAYS, st.integers(0, 200))
def test_days_that_rest_are_counted_once(ranges, start, many):
    end = start + timedelta(days=many)

    assert 0 <= free_days(ranges, start, end) <= many


@given(schedules(), RANGES, st.integers(-100, 100), st.integers(0, 3_000_000))
def test_a_payoff_is_never_more_for_days_that_rest(steps, ranges, days, rate):
    on, resting = TODAY_ON + timedelta(days=days), deepcopy(steps)
    let_rest(resting, ranges, began_on=BEGAN)

    owed, less = (owed_on(it, on, rate_ppm=rate, began_on=BEGAN) for it in (steps, resting))

    assert 0 <= less["interest"] <= owed["interest"]
    assert less["principal"] == owed["principal"]


# --- the hold, the ledger, the book


@pytest.fixture
def asha(db):
    """Three periods of thirty days, 9.00 interest in each; the first ended ten days ago."""
    steps = [
        row("instalments", loan_id=LOAN, number=place + 1, due_on=TODAY - 10 + 30 * place, principal=50_000, interest=900, fees=0, paid=0)
        for place in range(3)
    ]  # fmt: skip
    about = loan("asha", principal=150_000, disbursed_on=TODAY - 40)
    recorded(together(someone("asha"), about, {"instalments": steps}), outsider("far"))


def interest(at=LATER):
    return [it.interest for it in loan_of(LOAN, "asha", at).instalments]


def holding(kind="bereavement", from_at=NOW, until_at=None, at=NOW, **about):
    def second(moment):
        return int(moment.timestamp()) if moment else None

    rows = held("asha", kind, from_at=second(from_at), until_at=second(until_at), **about)["holds"]
    recorded({"holds": [{**it, "recorded_at": second(at)} for it in rows]}, at=at)
    return ledger.follow_holds(at=at)


def test_from_the_day_of_the_hold_on_no_interest_is_charged(asha):
    assert holding() == 1

    # Ten days of the second period had passed.
    assert interest() == [900, 300, 0]
    assert ledger.resting(LOAN, LATER) == ledger.Resting(pounds(1_500), (Range(TODAY_ON),))
    assert balances()["interest"] == 1_200
    assert verify_accounts().holds


def test_when_it_is_lifted_interest_goes_on_from_the_day_after(asha):
    holding()
    lifted = NOW + timedelta(days=5)

    holding(until_at=lifted, at=lifted)

    # Days ten to fifteen of the second period rested: six days, the day of the end among them.
    assert interest(lifted + timedelta(hours=1)) == [900, 720, 900]
    assert verify_accounts().holds


def test_looking_again_tells_nothing_twice(asha):
    holding()

    assert ledger.follow_holds(at=LATER) == 0
    assert holding(at=LATER) == 0


def test_what_was_paid_as_interest_of_days_that_rest_pays_the_next(asha):
    pay(50_900)

    holding(from_at=NOW - timedelta(days=40))

    found = loan_of(LOAN, "asha", LATER)
    assert [it.interest for it in found.instalments] == [0, 0, 0]
    assert [it.paid for it in found.instalments] == [50_000, 900, 0]
    assert verify_accounts().holds


def test_what_was_let_go_before_stays_let_go(asha):
    ledger.waive(loan_id=LOAN, what="interest", amount=pounds(2_700), at=NOW, by=SYSTEM)

    holding(from_at=NOW - timedelta(days=5), at=LATER)

    assert interest(LATER + timedelta(hours=1)) == [0, 0, 0]
    assert verify_accounts().holds


@pytest.mark.parametrize("kind", ["hardship", "complaint", "asked_for_quiet"])
def test_a_hold_that_rests_no_interest_changes_nothing(asha, kind):
    assert holding(kind) == 0
    assert interest() == [900, 900, 900]
    assert ledger.resting(LOAN, LATER) is None


def test_a_hold_on_somebody_else_or_on_another_loan_changes_nothing(asha):
    recorded(held("far", "bereavement"), held("asha", "insolvency", loan="far-loan-1"))
    ledger.follow_holds(at=NOW)

    assert interest() == [900, 900, 900]


def test_a_hold_of_somebody_who_has_left_the_loan_changes_nothing(asha):
    left = row(
        "parties", loan_id=LOAN, person_id="far", role="guarantor", until_at=int(NOW.timestamp()) - 86_400
    )
    recorded({"parties": [left]}, held("far", "insolvency", from_at=int(NOW.timestamp())), at=NOW)

    ledger.follow_holds(at=NOW)

    assert interest() == [900, 900, 900]


def test_who_left_one_role_and_stands_in_another_still_rests_the_loan(asha):
    roles = [
        row("parties", loan_id=LOAN, person_id="far", role="co_borrower"),
        row(
            "parties", loan_id=LOAN, person_id="far", role="guarantor", until_at=int(NOW.timestamp()) - 86_400
        ),
    ]
    recorded({"parties": roles}, held("far", "insolvency", from_at=int(NOW.timestamp())), at=NOW)

    ledger.follow_holds(at=NOW)

    assert interest() == [900, 300, 0]


def test_a_schedule_agreed_while_it_rests_is_what_was_agreed(asha):
    holding()
    new = [ledger.NewInstalment(TODAY_ON + timedelta(days=30 * n), 50_000, 100) for n in (1, 2, 3)]

    ledger.reschedule(loan_id=LOAN, instalments=new, at=LATER, because="plan")

    after = LATER + timedelta(hours=1)
    assert sum(interest(after)) == 300
    assert verify_accounts().holds


@pytest.mark.django_db
def test_a_loan_told_of_after_the_hold_rests_from_the_next_day_on():
    recorded(someone("asha"), held("asha", "bereavement", from_at=int(NOW.timestamp())), at=NOW)
    assert ledger.follow_holds(at=NOW) == 0
    steps = [
        row("instalments", loan_id=LOAN, number=n + 1, due_on=TODAY + 30 + 30 * n, principal=50_000, interest=900, fees=0, paid=0)
        for n in range(2)
    ]  # fmt: skip
    recorded(loan("asha", principal=100_000, disbursed_on=TODAY), {"instalments": steps}, at=LATER)
    take_up(at=LATER)

    ledger.follow_holds(at=NOW + timedelta(days=1))

    assert interest(NOW + timedelta(days=2)) == [0, 0]


@pytest.mark.django_db
def test_what_closes_the_loan_stands_still_while_it_rests(midway):
    now = ledger.payoff(LOAN, TODAY_ON, NOW)
    assert ledger.payoff(LOAN, TODAY_ON + timedelta(days=15), NOW).interest > now.interest

    holding()

    later = ledger.payoff(LOAN, TODAY_ON + timedelta(days=15), LATER)
    assert (later.interest, later.principal) == (now.interest, now.principal)


# --- her page


@pytest.fixture
def clock(settings, tmp_path):
    clock_at(settings, tmp_path, LATER)


@pytest.mark.parametrize("kind", ["bereavement", "identity_theft"])
def test_her_page_says_what_is_not_charged_since_when_and_never_which_hold_it_is(asha, clock, client, kind):
    holding(kind)

    page = text_of(signed_in_as(client, "asha", at=LATER).get(f"/me/loans/{LOAN}/"))

    assert "Your loan rests on these days, so no interest is added. That is £15.00 less in all." in page
    assert "Since Wednesday 25 November 2026, for as long as the loan rests." in page
    assert not any(word in page for word in ("died", "death", "identity", "stolen"))


def test_a_loan_that_does_not_rest_says_nothing_of_it_and_strangers_see_no_loan(asha, clock, client):
    assert "not charged" not in text_of(signed_in_as(client, "asha", at=LATER).get(f"/me/loans/{LOAN}/"))
    assert signed_in_as(client, "far", at=LATER).get(f"/me/loans/{LOAN}/").status_code == 404
