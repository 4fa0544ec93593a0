"""Another system tells an address again and again; what we found out about it meanwhile stands."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tests.people import someone
from tests.recording import recorded
from tests.web.api import NOW, System, system
from tideover.access.sealing import blind
from tideover.book.models import FACTS, Address
from tideover.book.newest import newest_one
from tideover.delivery.answers import receive
from tideover.delivery.inbound import take_receipt
from tideover.delivery.incoming.received import Receipt
from tideover.delivery.links import opened, token
from tideover.delivery.models import Message
from tideover.strategy.releases import ensure_shipped
from tideover.web.portal.doors.codes import owners_of

pytestmark = pytest.mark.django_db
PHONE = "+447700900123"
MINUTE = timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_a_number_told_of_two_people_at_once_is_one_address():
    recorded(someone("asha"), someone("bela"))
    key = system(Client(), "north", a_minute=10_000).key

    def tell_of(number):
        with closing(connection):
            told = {
                "person_id": ("asha", "bela")[number % 2],
                "channel": "sms",
                "value": f"+4477009001{number // 2:02}",
            }
            return System(Client(), key).post("addresses", told).status_code

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(tell_of, range(20))) == {201}

    assert Address.objects.count() == 10


@pytest.fixture
def clock(monkeypatch):
    """Each look at it comes a minute after the last."""
    at = iter(NOW + MINUTE * it for it in range(100))
    for module in ("addresses", "facts"):
        monkeypatch.setattr(f"tideover.web.api.{module}.now", lambda: next(at))


@pytest.fixture
def bank(client, clock):
    recorded(someone("asha"))
    ensure_shipped(at=NOW)
    return system(client, "north")


def tell(bank, **more):
    told = bank.post("addresses", {"person_id": "asha", "channel": "sms", "value": PHONE, **more})
    assert told.status_code == 201
    return newest_one("contact_points", contact_point_id=told.json()["contact_point_id"])


def sent():
    return Message.objects.create(
        contact_id="c1", person_id="asha", purpose="note", purpose_class="help", channel="sms", send_at=NOW,
        use_by=NOW + timedelta(days=1), local_day=1, due_at=NOW, message_id="m", code="c", state="accepted",
        address_id=Address.objects.get().pk, reference="r1", ended_at=NOW,
    )  # fmt: skip


def somebody_else_has_it(at=NOW + MINUTE / 2):
    receive(person_id="asha", channel="sms", at=at, outside_id="1", kind="not_me", message=sent())


def test_somebody_elses_phone_stays_somebody_elses(bank):
    tell(bank)
    somebody_else_has_it()

    again = tell(bank)

    assert again.state == "wrong_person"
    assert owners_of(blind(PHONE), "sms") == []
    assert opened(token(Message.objects.get(), "pay")) is None


def test_an_address_from_which_mail_came_back_still_does_not_work(bank):
    tell(bank)
    sent()
    nobody = Receipt("sms", "r1", "failed", NOW, kind="bad_address", permanent=True)
    take_receipt(nobody, at=NOW + MINUTE / 2)

    assert tell(bank, in_contract=True).state == "bounced"


def test_an_address_that_ended_stays_ended(bank):
    first = tell(bank)
    row = {it.name: getattr(first, it.name) for it in first.table.columns}
    bank.post(
        "facts/contact_points",
        {"rows": [{**row, "since": row["since"].isoformat(), "until": (NOW + MINUTE).isoformat()}]},
    )

    assert tell(bank).until == NOW + MINUTE


def test_told_again_it_is_in_use_since_it_was_first_told_and_nothing_is_new(bank):
    first = tell(bank, verified_at="2026-11-20T10:00:00Z")

    again = tell(bank)

    assert again == first
    assert FACTS["contact_points"].objects.count() == 1


def test_it_works_again_once_she_proved_since_then_that_she_is_reached_there(bank):
    tell(bank)
    somebody_else_has_it()

    again = tell(bank, verified_at=(NOW + MINUTE).isoformat())

    assert (again.state, again.until, again.since) == ("ok", None, NOW + MINUTE)
    assert owners_of(blind(PHONE), "sms") == ["asha"]
    assert tell(bank).state == "ok"


@pytest.mark.parametrize("proved", ["2026-11-20T10:00:00Z", "2026-11-26T10:00:00Z"])
def test_what_was_proved_before_or_is_said_of_tomorrow_proves_nothing(bank, proved):
    tell(bank)
    somebody_else_has_it()

    assert tell(bank, verified_at=proved).state == "wrong_person"


class TestToldAsAFact:
    """A row of the contract is whole, and yet another system cannot know what became of our messages."""

    def fact(self, bank, key="", **more):
        point = newest_one("contact_points", person_id="asha")
        row = {
            "contact_point_id": key or point.contact_point_id, "person_id": "asha", "channel": "sms",
            "address_id": point.address_id, "in_contract": True, **more,
        }  # fmt: skip
        assert bank.post("facts/contact_points", {"rows": [row]}).json()["refused"] == []
        return newest_one("contact_points", contact_point_id=row["contact_point_id"])

    def test_it_stays_somebody_elses_under_a_new_key_too(self, bank):
        tell(bank)
        somebody_else_has_it()

        assert self.fact(bank).state == "wrong_person"
        assert self.fact(bank, key="another", state="ok").state == "wrong_person"
        assert self.fact(bank, key="another", state="bounced").state == "wrong_person"
        assert owners_of(blind(PHONE), "sms") == []

    def test_it_works_again_once_proved(self, bank):
        tell(bank)
        somebody_else_has_it()

        assert self.fact(bank, verified_at=(NOW + MINUTE).isoformat()).state == "ok"
        assert self.fact(bank).state == "ok"

    def test_what_another_system_said_of_it_that_system_may_take_back(self, bank):
        tell(bank)

        assert self.fact(bank, state="bounced").state == "bounced"
        assert self.fact(bank).state == "ok"
