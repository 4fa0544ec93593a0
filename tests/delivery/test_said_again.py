"""The same words within minutes are one message handed over again, unless what they did was taken back: then they are said anew."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT, late
from tests.recording import recorded
from tests.web.scene import a_message
from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.models import Address
from tideover.book.newest import newest
from tideover.delivery.inbound import take_text
from tideover.delivery.incoming.received import Answered
from tideover.delivery.models import Answer
from tideover.delivery.taking_back import take_back
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped

NOW = datetime.fromtimestamp(AT, UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reminder():
    """A text that asha got; her network gives what she answers no name."""
    for person in ("asha", "ravi"):
        book = late(person)
        book["contact_points"] = [{**it, "address_id": it["channel"]} for it in book["contact_points"]]
        recorded(book, at=NOW)
    Address.objects.create(address_id="sms", channel="sms", value="+37120000001", index=blind("+37120000001"))
    ensure_shipped(at=NOW)
    return a_message("asha", channel="sms", state="accepted", address_id="sms", ended_at=NOW)


def texted(words, *, after=0):
    at = NOW + timedelta(minutes=after)
    return take_text(Answered("sms", "+37120000001", "1234", words, at), at=at)


def has_stopped(person="asha"):
    return all(it.withdrawn_at for it in newest("consents", person_id=person, channel="sms"))


def consented(person, *, after):
    row = {"person_id": person, "channel": "sms", "purpose_class": "all", "withdrawn_at": None}
    at = NOW + timedelta(minutes=after)
    record("consents", [{**row, "granted_at": at}], source="portal", at=at)


def test_a_stop_that_is_handed_over_again_is_one_stop():
    assert [texted("STOP", after=it) for it in (0, 1, 9)] == ["reply", "again", "again"]

    assert Answer.objects.count() == 1
    assert has_stopped()


def test_a_stop_that_was_taken_back_and_is_said_again_is_a_stop(reminder):
    texted("STOP")
    take_back(message=reminder, kind="stop", at=NOW + timedelta(minutes=2))
    assert not has_stopped()

    assert [texted("STOP", after=6), texted("STOP", after=7)] == ["reply", "again"]

    assert has_stopped()
    assert Decision.objects.filter(purpose="opt_out_confirmed").count() == 1


@pytest.mark.parametrize("person", ["asha", "ravi"])
def test_whoever_consented_since_and_shares_the_number_has_stopped_again(person):
    texted("STOP")
    consented(person, after=3)

    assert texted("STOP", after=8) == "reply"

    assert has_stopped(person)


@pytest.mark.parametrize("words", ["I want to kill myself", "my husband has died"])
def test_a_danger_or_a_death_that_one_of_us_had_closed_counts_anew(words):
    texted(words)
    assert texted(words, after=1) == "again"
    lifted = NOW + timedelta(minutes=3)
    record("holds", [{**it.as_row, "until_at": lifted} for it in newest("holds")], source="case", at=lifted)

    assert texted(words, after=5) == "reply"

    assert {it.person_id for it in newest("holds") if it.until_at is None} == {"asha", "ravi"}


def test_other_words_handed_over_again_are_one_answer_whatever_was_consented_to():
    texted("please call me")
    consented("asha", after=1)

    assert texted("please call me", after=2) == "again"
