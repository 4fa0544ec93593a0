"""Many payments at once: in sets, in a fixed number of questions, and from many hands one effect."""

import threading

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from tests.people import TODAY, loan, schedule, someone, together
from tests.recording import NOW, recorded
from tideover.book.models import FACTS
from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.ledger.models import Entry, Told
from tideover.repayment.ledger.refusals import NoSuchLoan
from tideover.repayment.ledger.verifying import verify_accounts
from tideover.repayment.loans import loan_of


def lent(*names):
    recorded(*(together(someone(it), loan(it), schedule(it, [TODAY, TODAY + 30])) for it in names))


def statement(names, *, first=0):
    return [
        ledger.Payment(f"s{first + number}", Money(2_500, "GBP"), NOW, "transfer", f"{name}-loan-1", "camt")
        for number, name in enumerate(names)
    ]


@pytest.mark.django_db
class TestStatements:
    def questions(self, payments):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            ledger.book_many(payments, at=NOW)
        return len(asked)

    def test_a_hundred_payments_ask_no_more_of_the_database_than_ten(self):
        few, many = [f"few{n}" for n in range(10)], [f"many{n}" for n in range(100)]
        lent(*few, *many)

        # What grows with them is batches, never single rows.
        assert self.questions(statement(many, first=10)) <= self.questions(statement(few)) + 8

    def test_a_thousand_payments_are_booked_and_a_second_time_change_nothing(self):
        names = [f"n{number}" for number in range(500)]
        lent(*names)
        told = statement(names * 2)

        first, again = ledger.book_many(told, at=NOW), ledger.book_many(told, at=NOW)

        assert [it.is_new for it in first] == [True] * 1_000
        assert [it.is_new for it in again] == [False] * 1_000
        assert loan_of("n7-loan-1", "n7", NOW).paid == 5_000
        assert verify_accounts().holds

    def test_a_statement_with_one_line_for_nobody_is_booked_whole_or_not_at_all(self):
        lent("asha")

        with pytest.raises(NoSuchLoan):
            ledger.book_many([*statement(["asha"]), *statement(["nobody"], first=1)], at=NOW)

        assert not Told.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestManyHands:
    def at_once(self, hands, do):
        """So many threads wait for each other, then all do it. What was busy tries again, as a client would."""
        ready, failed = threading.Barrier(hands), []

        def one(number):
            ready.wait()
            while True:
                try:
                    do(number)
                except OperationalError as busy:
                    if "locked" not in str(busy):
                        failed.append(busy)
                        break
                    continue
                except Exception as error:  # noqa: BLE001 - told below
                    failed.append(error)
                break
            connection.close()

        threads = [threading.Thread(target=one, args=(number,)) for number in range(hands)]
        for it in threads:
            it.start()
        for it in threads:
            it.join()
        assert failed == []

    def test_one_payment_told_by_fifty_hands_is_one_payment(self):
        lent("asha")
        about = {"payment_id": "p1", "loan_id": "asha-loan-1", "amount": Money(2_500, "GBP"), "way": "card"}

        self.at_once(50, lambda number: ledger.book(**about, paid_at=NOW, at=NOW))

        assert Told.objects.filter(kind="booked").count() == 1
        assert Entry.objects.filter(kind="booked").count() == 1
        assert FACTS["payments"].objects.count() == 1
        assert loan_of("asha-loan-1", "asha", NOW).paid == 2_500

    def test_different_payments_of_one_loan_at_once_lose_nothing(self):
        lent("asha")

        self.at_once(
            8,
            lambda number: ledger.book(
                payment_id=f"p{number}", loan_id="asha-loan-1", amount=Money(1_000, "GBP"), way="card",
                paid_at=NOW, at=NOW,
            ),
        )  # fmt: skip

        assert loan_of("asha-loan-1", "asha", NOW.replace(hour=23)).paid == 8_000
        assert verify_accounts().holds
