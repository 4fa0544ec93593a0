"""Words that would break out of their place, and messages that would break a worker: the others leave all the same."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DataError

from tests.delivery.sink import Relay, Sink
from tests.people import AT, reachable, someone, together
from tests.recording import recorded
from tideover.access.sealing import blind
from tideover.book.models import Address, Person
from tideover.delivery.channels import open_channel
from tideover.delivery.models import Message
from tideover.delivery.sending import one_round
from tideover.strategy.releases import ensure_shipped

NOW = datetime.fromtimestamp(AT, UTC)
BREAKS = [*map(chr, range(0x20)), "\x85", "\u2028", "\u2029"]
SMUGGLED = "Bcc: evil@example.org"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def relay(settings, tmp_path):
    settings.DATA = tmp_path
    ensure_shipped(at=NOW)
    relay = Relay(sink := Sink())
    relay.sink = sink
    relay.start()
    yield relay
    relay.stop()


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("tideover.delivery.sending.now", lambda: NOW)


def known(*people):
    """People with a mailbox each, so many at once."""
    book = together(*(together(someone(it), reachable(it, "email")) for it in people))
    book["contact_points"] = [{**it, "address_id": it["person_id"]} for it in book["contact_points"]]
    recorded(book, at=NOW)
    Address.objects.bulk_create(
        Address(address_id=it, channel="email", value=f"{it}@example.org", index=blind(f"{it}@example.org"))
        for it in people
    )


def reply(person, answer="All is well.", **about):
    usual = {
        "send_at": NOW,
        "due_at": NOW,
        "use_by": NOW + timedelta(days=2),
        "local_day": 1,
        "language": "en",
    }
    return Message.objects.create(
        contact_id=person, person_id=person, purpose="reply", purpose_class="answer", channel="email", code="ABCD2345",
        message_id=f"m-{person}", occasion={"values": {"answer": answer}}, **(usual | about),
    )  # fmt: skip


def send(relay):
    return one_round(
        {"email": open_channel("email", {"TIDEOVER_SMTP_URL": relay.url})}, worker="w", at=NOW
    ).outcomes


def headers(mail):
    return sorted(name.lower() for name in mail)


def test_whatever_stands_in_what_a_borrower_tells_a_mail_has_one_recipient_and_the_same_headers(relay, clock):
    known("plain", *(f"p{number}" for number in range(len(BREAKS))))
    reply("plain")
    for number, mark in enumerate(BREAKS):
        hostile = f"Asha{mark}{SMUGGLED}{mark}{mark}.{mark}"
        Person.objects.filter(pk=f"p{number}").update(name=hostile.replace("\0", ""))
        reply(f"p{number}", answer=hostile if mark != "\0" else f"Asha{SMUGGLED}")

    assert send(relay) == {"accepted": len(BREAKS) + 1}

    (usual,) = (headers(mail) for to, mail in relay.sink.mails if to == "plain@example.org")
    assert len(relay.sink.mails) == len(BREAKS) + 1
    for to, mail in relay.sink.mails:
        assert (headers(mail), mail["To"], mail["Bcc"]) == (usual, to, None)


def test_whatever_stands_in_what_a_lender_tells_a_mail_has_one_recipient_and_the_same_headers(
    relay, clock, settings
):
    known("plain", *(f"p{number}" for number in range(len(BREAKS))))
    reply("plain")
    send(relay)
    ((_, plain),) = relay.sink.mails

    for number, mark in enumerate(BREAKS):
        settings.SENDER = dict.fromkeys(settings.SENDER, f"Harbour{mark}{SMUGGLED}{mark}{mark}.{mark}")
        reply(f"p{number}")
        send(relay)

    assert len(relay.sink.mails) > 1
    for to, mail in relay.sink.mails:
        assert (headers(mail), mail["To"], mail["Bcc"]) == (headers(plain), to, None)
    states = set(Message.objects.values_list("state", flat=True))
    assert states <= {"accepted", "suppressed", "rejected"}


POISON = {
    "fifty_million_letters": "x" * 50_000_000,
    "half_a_character": "a\ud800b",
    "a_null": "a\0b",
    "a_loop": "{answer} {{answer}} {% for a in b %}" * 1_000,
    "deep": "{" * 100_000,
    "bidi": "\u202e" * 10_000,
}


@pytest.mark.parametrize("name", POISON)
def test_a_message_that_cannot_be_said_ends_and_the_one_beside_it_leaves(name, relay, clock):
    known("asha", "poison")
    reply("asha")
    try:
        reply("poison", answer=POISON[name])
    except (DataError, ValueError):
        assert name in ("half_a_character", "a_null")  # the database refuses it before it is a message
    rounds = [send(relay) for _ in range(3)]

    assert "asha@example.org" in {to for to, _ in relay.sink.mails}
    states = dict(Message.objects.values_list("person_id", "state"))
    assert states["asha"] == "accepted"
    assert states.get("poison") in {None, "accepted", "suppressed", "rejected"}
    assert rounds[1:] == [{}, {}]
    assert sum(len(mail.as_bytes()) for _, mail in relay.sink.mails) < 1_000_000


@pytest.mark.parametrize(
    "address", ["a@xn--\xff.example", "a@xn--zzzzzzzzzzz", "a@" + "b" * 300, "a@b\r\nRCPT TO:<c@d>", "@", ""]
)
def test_an_address_that_is_none_is_rejected_and_the_one_beside_it_leaves(address, relay, clock):
    known("asha", "poison")
    Address.objects.filter(address_id="poison").update(value=address)
    for it in ("asha", "poison"):
        reply(it)

    send(relay)

    assert [to for to, _ in relay.sink.mails if to != address] == ["asha@example.org"]
    assert Message.objects.get(person_id="poison").state in {"rejected", "suppressed", "accepted"}
