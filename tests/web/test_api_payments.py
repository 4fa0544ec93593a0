"""Another system tells payments: whoever has paid is not asked to pay, whatever was told first, and nothing counts twice."""

from datetime import timedelta

import pytest

from tests.people import AT, TODAY, loan, row, schedule, someone, together
from tests.recording import recorded
from tests.web.api import NOW, system
from tideover.book.actions import record
from tideover.book.ledger import verify_ledger
from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.ledger.models import LedgerLoan
from tideover.repayment.ledger.taking_up import look_again, newest_numbers, take_up
from tideover.repayment.ledger.verifying import verify_accounts
from tideover.repayment.loans import loan_of
from tideover.strategy.models import Watermark

pytestmark = pytest.mark.django_db
LOAN = "asha-loan-1"
LATER = NOW + timedelta(days=3)
FIRST, SECOND = TODAY - 9, TODAY + 21


@pytest.fixture
def clock(settings, tmp_path):
    """The hand on the clock."""
    settings.CLOCK_FILE = str(tmp_path / "clock")

    def moved(hours):
        (tmp_path / "clock").write_text((NOW + timedelta(hours=hours)).isoformat())

    moved(0)
    return moved


@pytest.fixture
def core(client, clock):
    """A core banking system, and a loan of two instalments of 100 pounds that it told before."""
    recorded(together(someone("asha"), loan("asha")), at=NOW)
    told = system(client, "north")
    _schedule(told, 0, 0)
    return told


def _schedule(core, *paid, earlier=()):
    steps = [
        {"loan_id": LOAN, "number": no, "due_on": day, "principal": 10_000, "paid": amount}
        for no, (day, amount) in enumerate(zip(["2026-11-16", "2026-12-16"], paid, strict=True), 1)
    ]
    answer = core.post("facts/instalments", {"rows": [*earlier, *steps]})
    assert answer.status_code == 200, answer.content


def _told(core, *rows):
    return core.post("facts/payments", {"rows": rows})


def _payment(payment_id="p1", amount=10_000, hours=1, **about):
    moment = (NOW + timedelta(hours=hours)).isoformat()
    paid = {"payment_id": payment_id, "loan_id": LOAN, "amount": amount, "way": "transfer"}
    return {**paid, "paid_at": moment, "state_at": moment, **about}


def _paid(core, *given, **about):
    answer = _told(core, _payment(*given, **about))
    assert answer.status_code == 200, answer.content
    return answer.json()


def left():
    return [it.left for it in loan_of(LOAN, "asha", LATER).instalments]


def everything_holds():
    take_up(at=LATER)
    assert verify_accounts().holds
    faults = verify_ledger(at=LATER, kept_in=LedgerLoan._meta.db_table)
    assert not any(faults[it] for it in faults if it not in ("loans", "not_compared")), faults
    return True


def test_another_amount_under_the_same_key_is_refused_with_what_to_tell(core, clock):
    clock(2)
    _paid(core)

    answer = _told(core, _payment(amount=4_000))

    assert (answer.status_code, answer.json()["code"]) == (409, "told_differently")
    assert "reversed_at" in answer.content.decode()
    assert left() == [0, 10_000]
    assert everything_holds()


def test_a_payment_does_not_move_to_another_loan_under_the_same_key(core, clock):
    recorded(together(someone("ben"), loan("ben")), at=NOW)
    clock(2)
    _paid(core)

    answer = _told(core, _payment(loan_id="ben-loan-1"))

    assert answer.status_code == 409
    assert "pays another loan" in answer.content.decode()
    assert left() == [0, 10_000]


def test_a_payment_in_a_schedule_that_was_told_twice_in_one_second_counts_once(core, clock):
    _schedule(core, 10_000, 0)

    _paid(core, hours=0)

    assert left() == [0, 10_000]
    assert everything_holds()


def test_payments_that_an_import_brought_while_the_mark_went_past_them_are_seen_to(core, clock):
    clock(2)
    _paid(core, "p0", amount=1_000)
    take_up(at=NOW + timedelta(hours=2))
    before = newest_numbers()
    paid = {"payment_id": "p1", "loan_id": LOAN, "amount": 9_000, "paid_at": NOW + timedelta(hours=3)}
    record(
        "payments",
        [{**paid, "state_at": NOW + timedelta(hours=3)}],
        source="import",
        at=NOW + timedelta(hours=3),
    )
    Watermark.objects.filter(table="ledger_payments").update(last_id=before["payments"] + 5_000)

    look_again(before)
    take_up(at=LATER)

    assert left() == [0, 10_000]
    assert everything_holds()


def test_the_same_payment_twice_in_one_request_is_one(core, clock):
    clock(2)

    answer = _told(core, _payment(), _payment())

    assert (answer.status_code, answer.json()["added"]) == (200, 1)
    assert [it["code"] for it in answer.json()["refused"]] == ["duplicate_key"]
    assert left() == [0, 10_000]
    assert everything_holds()


def test_a_payment_told_alone_pays_its_instalment_at_once(core, clock):
    clock(2)
    _paid(core)

    assert left() == [0, 10_000]
    assert everything_holds()


@pytest.mark.parametrize("hours", [-30, 1])
def test_a_payment_that_the_schedule_does_not_know_is_poured_however_long_ago_it_was_made(core, clock, hours):
    clock(2)
    _paid(core, hours=hours)

    assert left() == [0, 10_000]


def test_told_twice_it_is_one_and_adds_nothing(core, clock):
    clock(2)
    _paid(core, way=None)

    assert _paid(core, way=None)["added"] == 0
    assert left() == [0, 10_000]


def test_a_schedule_that_is_told_after_it_has_it_in_what_it_says_was_paid(core, clock):
    clock(2)
    _paid(core)
    clock(3)
    _schedule(core, 10_000, 0)

    assert everything_holds()
    assert left() == [0, 10_000]


@pytest.mark.parametrize("is_kept", [False, True])
@pytest.mark.parametrize("is_taken_up", [False, True])
def test_a_schedule_that_was_told_before_it_has_it_already(core, clock, is_kept, is_taken_up):
    if is_kept:
        _paid(core, "p0", 500, hours=-1)
    clock(2)
    _schedule(core, 10_000, 500 if is_kept else 0)
    if is_taken_up:
        take_up(at=NOW + timedelta(hours=2))
    clock(3)
    _paid(core)

    assert left() == [0, 9_500 if is_kept else 10_000]
    assert everything_holds()


def test_what_was_paid_before_anybody_told_payments_is_not_taken_for_a_payment_of_today(core, clock):
    _schedule(core, 10_000, 3_000)
    clock(2)
    _paid(core, amount=4_000)

    assert left() == [0, 3_000]
    assert everything_holds()


def test_a_schedule_that_no_worker_took_up_before_she_paid_does_not_know_her_payment(core, clock):
    _paid(core, "p0", 500, hours=-1)
    clock(2)
    _schedule(core, 4_000, 0)
    clock(9)
    _paid(core, "today", 2_500, hours=8)

    assert left() == [3_500, 10_000]


def test_of_two_payments_only_the_one_that_the_schedule_knows_is_in_it(core, clock):
    clock(2)
    _schedule(core, 10_000, 0)
    clock(3)
    _paid(core, "p1", hours=1)
    _paid(core, "p2", 4_000, hours=1.5)

    assert left() == [0, 6_000]
    clock(26)
    _schedule(core, 10_000, 4_000)
    assert everything_holds()
    assert left() == [0, 6_000]


def test_nights_of_schedules_and_payments_in_turn_count_each_once(core, clock):
    clock(2)
    _paid(core, "p1", 3_000, hours=1)
    for night, (before, after) in enumerate([(3_000, 5_000), (5_000, 9_000)], 1):
        clock(24 * night)
        _schedule(core, after, 0)
        take_up(at=NOW + timedelta(hours=24 * night))
        _paid(core, f"n{night}", after - before, hours=24 * night - 5)

        assert left() == [10_000 - after, 10_000]
    assert everything_holds()


def test_on_its_way_it_pays_nothing_and_once_it_is_here_it_does(core, clock):
    clock(2)
    _paid(core, state_at=None)
    assert left() == [10_000, 10_000]

    clock(30)
    _paid(core)

    assert left() == [0, 10_000]
    assert everything_holds()


@pytest.mark.parametrize("is_known", [False, True])
def test_a_payment_that_was_taken_back_is_owed_again(core, clock, is_known):
    clock(2)
    _paid(core)
    if is_known:
        _schedule(core, 10_000, 0)
    clock(30)
    _paid(core, reversed_at=(NOW + timedelta(hours=29)).isoformat())

    assert left() == [10_000, 10_000]
    assert everything_holds()


def test_a_payment_that_came_in_here_is_not_counted_again_when_the_core_tells_it(core, clock):
    ledger.book(payment_id="p1", loan_id=LOAN, amount=Money(10_000, "GBP"), way="card", paid_at=NOW, at=NOW)
    clock(2)
    _paid(core, hours=0)

    assert left() == [0, 10_000]
    assert everything_holds()


def test_payments_that_an_import_brought_for_a_loan_of_the_ledger_are_taken_up_by_a_worker(core, clock):
    clock(2)
    _paid(core)
    paid_at = AT + 2 * 3_600
    more = row(
        "payments", payment_id="p2", loan_id=LOAN, paid_at=paid_at, state_at=paid_at, amount=2_500,
        recorded_at=paid_at,
    )  # fmt: skip
    recorded({"payments": [more]}, at=NOW + timedelta(hours=3))

    assert take_up(at=NOW + timedelta(hours=3)) == 1

    assert left() == [0, 7_500]
    assert everything_holds()


def test_a_loan_that_came_with_all_its_payments_counts_the_next_one_alone(client, clock):
    paid = row(
        "payments", payment_id="old", loan_id=LOAN, paid_at=AT - 86_400, state_at=AT - 86_400, amount=10_000
    )
    recorded(
        together(
            someone("asha"), loan("asha"), schedule("asha", [FIRST, SECOND], lags=[0]), {"payments": [paid]}
        ),
        at=NOW,
    )
    clock(2)
    _paid(system(client, "north"))

    assert left() == [0, 0]
    assert everything_holds()


def test_many_payments_are_taken_up_with_few_questions(client, clock, django_assert_max_num_queries):
    names = [f"p{no}" for no in range(40)]
    book = [together(someone(it), loan(it), schedule(it, [FIRST, SECOND])) for it in names]
    recorded(together(*book), at=NOW)
    core, moment = system(client, "north"), (NOW + timedelta(hours=1)).isoformat()
    clock(2)
    rows = [
        {"payment_id": it, "loan_id": f"{it}-loan-1", "amount": 9_000, "paid_at": moment, "state_at": moment}
        for it in names
    ]

    with django_assert_max_num_queries(90):
        core.post("facts/payments", {"rows": rows})

    assert {loan_of(f"{it}-loan-1", it, LATER).instalments[0].left for it in names} == {1_000}
