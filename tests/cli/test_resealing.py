"""A key is changed: everything comes under the new one, and then the old one may go."""

import base64

import pytest
from allauth.mfa.models import Authenticator

from tests.staff import SECRET, member
from tests.web.scene import a_decision, a_message
from tideover.access import sealing
from tideover.access.adapters import SecondStepAdapter
from tideover.access.sealing import Unreadable, opened_text, sealed_text
from tideover.book.models import Address, Person
from tideover.book.resealing import reseal
from tideover.delivery.models import Message
from tideover.strategy.models import Decision

pytestmark = pytest.mark.django_db
OLD, NEW = (f"{name}:{base64.b64encode(name.encode() * 8).decode()}" for name in ("old1", "new1"))


@pytest.fixture
def keys(monkeypatch):
    def are(*listed):
        monkeypatch.setenv("TIDEOVER_DATA_KEYS", ",".join(listed))
        sealing._keys.cache_clear()

    yield are
    sealing._keys.cache_clear()


@pytest.fixture
def sealed_with_the_old(keys):
    keys(OLD)
    Person.objects.create(person_id="mary", name="Mary Price")
    Person.objects.bulk_create(Person(person_id=f"p{it:04}", name=f"Name {it}") for it in range(1_500))
    Address.objects.create(address_id="a", channel="sms", value="+37120000001", index="i")
    a_message("mary", body='{"text": "Hello Mary"}')
    a_decision(
        "mary",
        values={"answer": sealed_text("We have looked."), "also": [sealed_text("And again."), "plain"]},
    )
    member("agent", "north")


def everything():
    values = Decision.objects.get().values
    (totp,) = Authenticator.objects.filter(type="totp")
    return (
        Person.objects.get(pk="mary").name, Person.objects.get(pk="p1499").name, Address.objects.get().value,
        Message.objects.get().body, opened_text(values["answer"]), opened_text(values["also"][0]), values["also"][1],
        SecondStepAdapter().decrypt(totp.data["secret"]),
    )  # fmt: skip


def test_after_it_the_old_key_is_not_needed_any_more(sealed_with_the_old, keys):
    before = everything()
    assert before[-1] == SECRET
    keys(NEW, OLD)

    done = reseal()

    assert done.values == 1_506
    assert not done.unreadable
    keys(NEW)
    assert everything() == before
    assert reseal().values == 0


def test_without_it_what_the_old_key_sealed_stays_closed(sealed_with_the_old, keys):
    keys(NEW)

    with pytest.raises(Unreadable):
        everything()


def test_what_cannot_be_opened_is_left_as_it_is_and_counted(sealed_with_the_old, keys):
    keys(NEW)

    done = reseal()

    assert done.values == 0
    assert done.unreadable["book_person.name"] == 1_501
    assert {"delivery_message.body", "strategy_decision.values", "mfa_authenticator.data"} < set(
        done.unreadable
    )
    keys(OLD)
    assert everything()[0] == "Mary Price"


def test_from_the_key_that_follows_from_the_secret_one_goes_to_keys_of_ones_own(keys):
    keys("")
    Person.objects.create(person_id="mary", name="Mary Price")

    keys(NEW)

    assert Person.objects.get().name == "Mary Price"
    assert reseal().values == 1


def test_what_only_looks_sealed_stops_nothing(sealed_with_the_old, keys):
    Decision.objects.update(
        values={"answer": "sealed: yes it is", "also": [sealed_text("And again."), "sealed:"]}
    )
    keys(NEW, OLD)

    done = reseal()

    assert done.unreadable == {"strategy_decision.values": 2}
    keys(NEW)
    assert opened_text(Decision.objects.get().values["also"][0]) == "And again."
    assert Person.objects.get(pk="mary").name == "Mary Price"


def test_no_key_of_ones_own_hides_the_one_that_follows_from_the_secret_key(keys):
    keys(OLD.replace("old1", "secret"))

    with pytest.raises(Unreadable, match="may be called 'secret'"):
        sealed_text("x")


def test_whoever_runs_the_machine_is_told_what_was_done(tideover, sealed_with_the_old, keys):
    keys(NEW)
    said = tideover("reseal")
    assert (said.code, "book_person.name: 1,501 values need a key" in said.out) == (1, True)

    keys(NEW, OLD)
    said = tideover("reseal")
    assert (said.code, "Nothing needs the other keys any more" in said.out) == (0, True)
