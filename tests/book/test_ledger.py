"""The money facts fold: what instalments say was paid is what payments brought."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT, DAY, TODAY, late, loan, row, schedule, together
from tests.recording import recorded
from tideover.book.actions import record
from tideover.book.importing import import_book
from tideover.book.ledger import INFORMS, verify_ledger
from tideover.engine.facts import open_book
from tideover.engine.facts.made_up import make_book

NOW = datetime.fromtimestamp(AT, UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def paid():
    """Two of four instalments paid, each by a payment that was confirmed."""
    days = [TODAY - 60, TODAY - 30, TODAY, TODAY + 30]
    payments = [pays(n, at=AT - (60 - 30 * n) * DAY) for n in range(2)]
    recorded(together(loan("asha"), schedule("asha", days, lags=[0, 0]), {"payments": payments}))


def pays(number, *, amount=10_000, at=AT, loan_id="asha-loan-1", **about):
    known = {"paid_at": at, "state_at": at, "recorded_at": at, **about}
    return row("payments", payment_id=f"p{number}", loan_id=loan_id, amount=amount, **known)


def found(at=NOW):
    return {name: count for name, count in verify_ledger(at=at).items() if count and name not in INFORMS}


def test_a_book_whose_payments_were_allocated_holds(paid):
    assert found() == {}
    assert verify_ledger(at=NOW)["loans"] == 1


def test_a_payment_that_reached_no_instalment_is_found(paid):
    record("payments", [pays(3)], source="bank", at=NOW)

    assert found() == {"paid_is_not_the_sum_of_payments": 1}


def test_a_payment_on_its_way_or_taken_back_counts_for_nothing(paid):
    record("payments", [pays(3, state_at=None), pays(4, reversed_at=AT)], source="bank", at=NOW)

    assert found() == {}


def test_whoever_paid_more_than_is_due_has_paid_all_of_it(paid):
    all_paid = schedule("asha", [TODAY - 60, TODAY - 30, TODAY, TODAY + 30], lags=[0, 0, 0, 0])["instalments"]
    record("instalments", [{**it, "recorded_at": AT} for it in all_paid], source="t", at=NOW)
    record("payments", [pays(3, amount=25_000)], source="t", at=NOW)

    assert found() == {}


def test_an_instalment_paid_beyond_what_is_due_is_found(paid):
    step = {
        "loan_id": "asha-loan-1",
        "number": 1,
        "due_on": TODAY - 60,
        "principal": 10_000,
        "interest": 0,
        "fees": 0,
    }
    record("instalments", [{**step, "paid": 10_001}], source="t", at=NOW)

    assert found() == {"paid_is_not_the_sum_of_payments": 1, "paid_more_than_due": 1}


def test_one_payment_for_two_loans_is_found_and_so_is_an_amount_below_nothing(paid):
    recorded(late("other"))
    moved = [pays(1, loan_id="other-loan-1"), pays(5, loan_id="other-loan-1", amount=-5)]
    record("payments", moved, source="t", at=NOW)

    assert {"one_payment_for_two_loans": 1, "negative": 1}.items() <= found().items()


def test_what_was_known_before_is_judged_by_what_was_known_before(paid):
    record("payments", [pays(3)], source="bank", at=NOW)

    assert found(at=NOW - timedelta(days=1)) == {}


def test_a_made_up_book_holds(tmp_path):
    import_book(open_book(make_book(200, 3, tmp_path / "book", history=False)), source="made up", at=NOW)

    told = verify_ledger(at=NOW + timedelta(days=400))

    assert told["loans"] > 100
    assert found(at=NOW + timedelta(days=400)) == {}
