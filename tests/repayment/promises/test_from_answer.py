"""An SMS of one sign: "1" chooses the day the message offered; where it offered none, a person reads the answer."""

from datetime import date, timedelta

import pytest

from tests.people import TODAY, held, late, loan, outsider, schedule
from tests.recording import NOW, recorded
from tests.web.scene import a_message
from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.models import FACTS, Address
from tideover.delivery.answers import receive
from tideover.delivery.inbound import take_text
from tideover.delivery.incoming.received import Answered
from tideover.kit.days import day_of
from tideover.repayment.promises import promise_to_pay
from tideover.support.jobs import open_cases
from tideover.support.models import Case

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def asha():
    recorded(late("asha"), outsider())


def answered(message, text="1"):
    receive(person_id="asha", channel="sms", text=text, at=NOW, outside_id=f"sms-{text}", message=message)
    open_cases(at=NOW)


def offering(on=FRIDAY, **about):
    occasion = {"values": {"offered_on": day_of(on)} if on else {}, "topics": about.pop("topics", [])}
    return a_message(
        "asha", channel="sms", purpose=about.pop("purpose", "promise_broken"), occasion=occasion, **about
    )


def promised():
    return [(it.loan_id, it.on) for it in FACTS["promises"].objects.filter(ended_at=None).order_by("id")]


@pytest.mark.parametrize("text", ["1", "১", "۱", " 1 "])
def test_one_sign_in_her_own_digits_chooses_the_offered_day(asha, text):
    answered(offering(), text)

    assert promised() == [("asha-loan-1", FRIDAY)]
    assert not Case.objects.exists()


def test_it_is_for_every_loan_that_the_message_was_about(asha):
    recorded(loan("asha", number=2), schedule("asha", [TODAY - 2], number=2))

    answered(offering(topics=[["asha-loan-1", "promise_broken"], ["asha-loan-2", "promise_broken"]]))

    assert sorted(it for it, _ in promised()) == ["asha-loan-1", "asha-loan-2"]


def test_where_no_day_was_offered_a_person_reads_it(asha):
    answered(offering(on=None))

    assert promised() == []
    assert [it.kind for it in Case.objects.all()] == ["question"]


def test_a_day_that_may_not_be_promised_waits_for_a_person(asha):
    recorded(held("asha", "time_barred", loan="asha-loan-1"))

    answered(offering())

    assert promised() == []
    assert Case.objects.count() == 1


def test_a_yes_on_the_eve_says_that_the_day_still_holds(asha):
    promise_to_pay(
        person_id="asha", loan_ids=["asha-loan-1"], on=FRIDAY, origin="self", at=NOW - timedelta(days=3)
    )

    answered(offering(on=None, purpose="promise_eve"))

    assert promised() == [("asha-loan-1", FRIDAY)]
    assert not Case.objects.exists()


class TestOfTwoTexts:
    """A text names no message: where the last one may not have arrived, she may answer the one before."""

    NUMBER = "+447700900123"

    @pytest.fixture(autouse=True)
    def number(self, asha):
        Address.objects.create(
            address_id="number", channel="sms", value=self.NUMBER, index=blind(self.NUMBER)
        )
        point = {"contact_point_id": "asha-sms", "person_id": "asha", "channel": "sms", "state": "ok"}
        record("contact_points", [{**point, "address_id": "number"}], source="core", at=NOW)

    def texts(self, *offers):
        for number, (state, on) in enumerate(offers, 1):
            ended = NOW - timedelta(hours=9 - number)
            about = {"subject": "asha-loan-1", "state": state, "ended_at": ended, "address_id": "number"}
            offering(on=on, number=number, **about)

    def one(self, sender=NUMBER):
        take_text(Answered("sms", sender, "6000", "1", NOW, reference="r1"), at=NOW)
        open_cases(at=NOW)

    def test_two_days_of_which_she_may_mean_either_wait_for_a_person(self):
        self.texts(("accepted", FRIDAY), ("unknown", FRIDAY + timedelta(days=3)))

        self.one()

        assert promised() == []
        assert [it.kind for it in Case.objects.all()] == ["question"]

    @pytest.mark.parametrize(
        "texts",
        [
            [("accepted", FRIDAY), ("unknown", FRIDAY)],
            [("accepted", FRIDAY), ("unknown", None)],
            [("accepted", None), ("unknown", FRIDAY)],
            [("unknown", FRIDAY + timedelta(days=3)), ("accepted", FRIDAY)],
        ],
    )
    def test_where_she_can_mean_one_day_alone_it_is_chosen(self, texts):
        self.texts(*texts)

        self.one()

        assert promised() == [("asha-loan-1", FRIDAY)]
        assert not Case.objects.exists()

    def test_whoever_has_her_old_number_chooses_no_day_that_her_new_one_was_offered(self):
        Address.objects.create(
            address_id="old", channel="sms", value="+447700900999", index=blind("+447700900999")
        )
        point = {"contact_point_id": "asha-sms", "person_id": "asha", "channel": "sms", "address_id": "old"}
        record("contact_points", [point], source="core", at=NOW - timedelta(days=9))
        self.texts(("accepted", FRIDAY))

        self.one(sender="+447700900999")

        assert promised() == []
