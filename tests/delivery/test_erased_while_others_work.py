"""Others are at work while somebody is erased: a night, an import, a browser of hers, a decision, a row under way. She stays away."""

import threading
from datetime import timedelta

import polars as pl
import pytest
from django.db import connection, transaction

from tests.delivery.test_privacy import (
    CLERK,
    HER,
    NOW,
    OTHER,
    dump,
    lender,  # noqa: F401 - a fixture by its name
    small,  # noqa: F401 - the same
)
from tests.portal import signed_in_as
from tests.staff import member
from tideover.access.clock import now
from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.models import FACTS, Person
from tideover.delivery.models import Message
from tideover.delivery.privacy.again import erase_again
from tideover.delivery.privacy.agreeing import agree_to_erase, ask_to_erase
from tideover.delivery.privacy.daily import forget_if_due
from tideover.delivery.privacy.erasing import erase_subject
from tideover.delivery.privacy.journal import come_back
from tideover.delivery.privacy.models import Erasure
from tideover.delivery.taking import take
from tideover.strategy.jobs import run_nightly_if_due
from tideover.strategy.leases import IMPORT, MIRROR, Held, freed, leased
from tideover.strategy.models import Changed, Decision
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.runs import run_events

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db(transaction=True)


def is_there():
    return Person.objects.filter(pk=HER).exists()


def all_but_leases():
    return [it for it in dump().splitlines() if not it.startswith("strategy.Lease")]


def hold_of_hers(key="h9"):
    return {"hold_id": key, "person_id": HER, "kind": "hardship", "from_at": NOW, "recorded_at": NOW}


@pytest.mark.usefixtures("small")
class TestNobodyReadsOrFillsTheBookMeanwhile:
    @pytest.mark.parametrize("work", [MIRROR, IMPORT])
    def test_while_a_night_or_an_import_is_going_on_nothing_is_begun(self, work):
        leased(work, by="another", at=NOW, lasts=HOUR)
        before = all_but_leases()

        with pytest.raises(Held, match="in a few minutes"):
            erase_subject(HER, NOW, CLERK)
        assert all_but_leases() == before

        freed(work, by="another")
        erase_subject(HER, NOW, CLERK)
        assert not is_there()

    def test_a_second_person_agrees_again_when_it_is_over(self):
        wish = ask_to_erase(person_id=HER, why="she_asked", by=member("compliance", "north"), at=NOW)
        approver = member("approver")
        leased(MIRROR, by="another", at=NOW, lasts=HOUR)

        with pytest.raises(Held):
            agree_to_erase(request=wish, by=approver, at=NOW)
        agree_to_erase(request=wish, by=approver, at=NOW + HOUR)

        assert not is_there()

    def test_afterwards_a_night_and_an_import_may_begin_at_once(self):
        ensure_shipped(at=NOW)

        erase_subject(HER, NOW, CLERK)

        assert leased(IMPORT, by="import:here", at=NOW, lasts=HOUR)
        assert run_nightly_if_due(by="w", at=NOW).people == 1


def test_her_browser_is_nobodys_even_if_its_session_outlives_her(client, small):  # noqa: F811
    erase_subject(HER, now(), CLERK)
    signed_in_as(client, HER, at=now())

    page = client.get("/me/pay/")

    assert (page.status_code, page.headers["Location"].split("?")[0]) == (302, "/me/sign-in/")
    assert "borrower" not in client.session


def test_what_was_being_decided_about_her_is_not_sent(lender):  # noqa: F811
    hers = list(Decision.objects.filter(person_id=HER))
    assert hers
    erase_subject(HER, NOW, CLERK)
    Decision.objects.bulk_create(hers)
    Decision.objects.update(taken_at=None)

    take(at=NOW + HOUR)

    assert not Message.objects.filter(person_id=HER).exists()
    assert not Decision.objects.filter(person_id=HER).exists()
    assert come_back() == []


@pytest.mark.usefixtures("small")
class TestWhateverCameBack:
    """By a row that was under way to the book while she was erased, and names her alone."""

    @pytest.fixture(autouse=True)
    def a_row_under_way(self, small):  # noqa: F811
        erase_subject(HER, NOW, CLERK)
        FACTS["holds"].objects.create(**hold_of_hers())

    def test_is_found_though_she_is_not_in_the_book(self):
        assert not is_there()
        assert come_back() == [HER]

    def test_goes_again_after_a_backup_was_restored(self):
        assert erase_again(at=NOW).erased == 1

        assert come_back() == []
        assert HER not in dump()

    def test_goes_again_within_a_day(self):
        assert forget_if_due(at=NOW) == 1
        assert HER not in dump()

    def test_waits_for_a_night_and_goes_with_the_next_day(self):
        leased(MIRROR, by="another", at=NOW, lasts=HOUR)
        assert erase_again(at=NOW).not_yet == (HER,)

        assert forget_if_due(at=NOW + timedelta(days=1)) == 1


def test_what_is_on_its_way_about_her_meanwhile_is_not_kept_and_what_comes_with_it_is(small):  # noqa: F811
    erase_subject(HER, NOW, CLERK)

    record("holds", [hold_of_hers(), {**hold_of_hers("h10"), "person_id": OTHER}], source="api", at=NOW)
    record("borrowers", [{"borrower_id": HER, "language": "lv"}], source="portal", at=NOW)

    assert FACTS["holds"].objects.get().person_id == OTHER
    assert HER not in dump()


alone = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="on SQLite whoever writes is alone")


@alone
def test_a_row_that_is_being_written_is_waited_for_and_goes_too(small):  # noqa: F811
    is_written, may_end = threading.Event(), threading.Event()

    def writing():
        with transaction.atomic():
            record("holds", [hold_of_hers()], source="api", at=NOW)
            is_written.set()
            may_end.wait(20)
        connection.close()

    def erasing():
        erase_subject(HER, NOW, CLERK)
        connection.close()

    writer, eraser = threading.Thread(target=writing), threading.Thread(target=erasing)
    writer.start()
    is_written.wait(20)
    eraser.start()
    eraser.join(1)
    assert eraser.is_alive()
    may_end.set()
    writer.join(20)
    eraser.join(20)

    assert not is_there()
    assert HER not in dump()


@alone
def test_what_was_decided_in_a_turn_while_she_went_stands_neither_in_the_database_nor_in_a_file(lender):  # noqa: F811
    Decision.objects.all().delete()
    Changed.objects.create(person_id=HER, why="promises", at=NOW)
    Changed.objects.create(person_id=OTHER, why="promises", at=NOW)
    at = NOW + timedelta(minutes=20)

    def deciding():
        run_events(at=at)
        connection.close()

    turn = threading.Thread(target=deciding)
    with transaction.atomic():  # as an erasure holds her, and then she is gone
        list(Person.objects.select_for_update().filter(pk=HER))
        turn.start()
        turn.join(4)
        assert turn.is_alive()
        Erasure.objects.create(key_index=blind(HER), at=NOW)
        Person.objects.filter(pk=HER).delete()
    turn.join(20)

    last = max((lender / "runs").glob("*-events/*.parquet"))
    assert set(pl.read_parquet(last)["borrower_id"]) == {OTHER}
    assert not Decision.objects.filter(person_id=HER).exists()


@alone
def test_money_of_her_loan_that_is_told_in_that_moment_does_not_stay_under_its_key(small):  # noqa: F811
    loan = FACTS["loans"].objects.filter(borrower_id=HER).first().loan_id
    paid = {"payment_id": "late", "loan_id": loan, "amount": 5, "paid_at": NOW}

    def telling():
        record("payments", [paid], source="api", at=NOW)
        connection.close()

    teller = threading.Thread(target=telling)
    with transaction.atomic():
        list(Person.objects.select_for_update().filter(pk=HER))
        teller.start()
        teller.join(1)
        assert teller.is_alive()
        erase_subject(HER, NOW, CLERK)
    teller.join(20)

    assert not FACTS["payments"].objects.filter(payment_id="late").exists()
    assert loan not in dump()
