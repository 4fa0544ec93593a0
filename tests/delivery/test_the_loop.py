"""The whole loop: a decision becomes a message that leaves, and what came back changes the next decision."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tests.delivery.sink import Relay, Sink
from tests.people import AT, fresh_payments, late, reachable, together
from tests.recording import recorded
from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.models import FACTS, Address, Import, Person
from tideover.delivery import outbox
from tideover.delivery.channels import Limits, Rejected, open_channel
from tideover.delivery.inbound import take_text
from tideover.delivery.incoming.received import Answered
from tideover.delivery.jobs import send_what_is_due
from tideover.delivery.models import Message
from tideover.delivery.sending import one_round
from tideover.delivery.taking import take
from tideover.delivery.verify import verify_contacts
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.runs import run_nightly
from tideover.strategy.stops import lift, press

NOW = datetime.fromtimestamp(AT, UTC)
LATER = NOW + timedelta(hours=10)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def relay():
    sink = Sink()
    relay = Relay(sink)
    relay.start()
    relay.sink = sink
    yield relay
    relay.stop()


@pytest.fixture
def channels(relay):
    return {"email": open_channel("email", {"TIDEOVER_SMTP_URL": relay.url})}


@pytest.fixture
def clock(monkeypatch):
    """The product's clock, set by hand."""

    def set_to(at):
        for module in ("tideover.delivery.sending", "tideover.strategy.runs"):
            monkeypatch.setattr(f"{module}.now", lambda: at)
        return at

    set_to(NOW)
    return set_to


@pytest.fixture
def queued(clock, settings, tmp_path):
    """Someone late, who can be reached by e-mail only, and today's message to her in the outbox."""
    settings.DATA = tmp_path
    book = together(*(late(f"late-{n}") for n in range(12)), fresh_payments(AT + 86_400 * 3))
    points = [it for it in book["contact_points"] if it["channel"] == "email"]
    book["contact_points"] = [{**it, "address_id": "her-mail"} for it in points]
    recorded(book, at=NOW)
    Address.objects.create(
        address_id="her-mail", channel="email", value="late@example.org", index=blind("late@example.org")
    )
    ensure_shipped(at=NOW)
    run_nightly(at=NOW)
    take(at=NOW)
    first = Message.objects.order_by("send_at").first()  # some wait for a better day
    Message.objects.exclude(pk=first.pk).delete()
    return first


def sent(channels, clock, message):
    at = clock(max(message.send_at, NOW))
    return one_round(channels, worker="w", at=at).outcomes


def test_a_decision_becomes_a_mail_to_the_person(queued, channels, relay, clock):
    assert sent(channels, clock, queued) == {"accepted": 1}

    ((to, mail),) = relay.sink.mails
    assert to == "late@example.org"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert queued.code in mail.get_body(("plain",)).get_content()
    assert "Harbour Credit" in str(mail["From"])


def test_what_was_sent_is_a_fact_of_the_next_decision(queued, channels, clock):
    sent(channels, clock, queued)

    known = FACTS["contacts"].objects.filter(contact_id=queued.contact_id).order_by("id")
    states = list(known.values_list("state", flat=True))
    assert states == ["queued", "accepted"]


@pytest.mark.parametrize(
    ("table", "fact", "because"),
    [
        (
            "holds",
            {"hold_id": "h", "kind": "bereavement", "from_at": NOW},
            "hold_bereavement",
        ),
        (
            "consents",
            {"channel": "all", "purpose_class": "all", "withdrawn_at": NOW},
            "refused",
        ),
    ],
)
def test_a_fact_that_came_after_the_decision_stops_the_message(
    table, fact, because, queued, channels, relay, clock
):
    record(table, [{**fact, "person_id": queued.person_id}], source="test", at=NOW)

    assert sent(channels, clock, queued) == {"suppressed": 1}

    queued.refresh_from_db()
    assert because in queued.because
    assert relay.sink.mails == []


def test_whoever_has_paid_meanwhile_is_not_reminded(queued, channels, relay, clock):
    paid = FACTS["instalments"].objects.get(number=6, loan_id=queued.subject)
    record(
        "instalments",
        [
            {
                "loan_id": paid.loan_id,
                "number": 6,
                "due_on": paid.due_on,
                "principal": 10_000,
                "paid": 10_000,
                "settled_on": NOW.date(),
            }
        ],
        source="bank",
        at=NOW,
    )

    sent(channels, clock, queued)

    queued.refresh_from_db()
    assert (queued.state, relay.sink.mails) == ("suppressed", [])


def test_the_stop_button_holds_everything_until_it_is_lifted(queued, channels, relay, clock):
    press(by="lead", at=NOW)
    sent(channels, clock, queued)
    assert relay.sink.mails == []

    lift(by="lead", at=NOW)
    queued.refresh_from_db()
    at = clock(queued.due_at)
    one_round(channels, worker="w", at=at)

    assert len(relay.sink.mails) == 1


def test_a_mail_whose_reply_was_lost_is_unknown_and_is_not_sent_again(queued, channels, relay, clock):
    relay.sink.reply = "not a reply"

    assert sent(channels, clock, queued) == {"unknown": 1}

    clock(LATER)
    assert one_round(channels, worker="w", at=LATER).outcomes == {}
    assert len(relay.sink.mails) == 1


def test_a_worker_that_comes_back_after_its_lease_changes_nothing(queued, clock):
    at = clock(max(queued.send_at, NOW))
    (mine,) = outbox.claim(worker="slow", at=at)
    outbox.free_orphans(at=at + outbox.lease() + timedelta(seconds=1))
    (theirs,) = outbox.claim(worker="quick", at=at + outbox.lease() + timedelta(seconds=1))

    version = Person.objects.get(pk=mine.person_id).facts_version
    assert outbox.begin({mine: version}, at=at) == set()
    assert outbox.settle(mine, "accepted", at=at) is False
    assert outbox.begin({theirs: version}, at=at + outbox.lease() + timedelta(seconds=2)) == {theirs}


def test_what_was_sent_can_be_verified_and_a_message_against_a_refusal_is_found(queued, channels, clock):
    sent(channels, clock, queued)
    assert not any(count for name, count in verify_contacts(at=LATER).items() if name != "messages")

    row = {
        "person_id": queued.person_id,
        "channel": "email",
        "purpose_class": "all",
        "withdrawn_at": NOW - timedelta(days=1),
    }
    record("consents", [{**row, "recorded_at": NOW - timedelta(days=1)}], source="test", at=NOW)

    assert verify_contacts(at=LATER)["after_a_refusal"] == 1


def test_from_a_book_that_assumes_what_nobody_recorded_nothing_is_sent(queued, channels, relay, clock):
    at = clock(max(queued.send_at, NOW))
    Import.objects.create(source="old system", content_hash="", at=NOW, assumes=["consent"])

    assert send_what_is_due(channels, worker="w", at=at) == 0
    assert relay.sink.mails == []

    Import.objects.create(source="old system", content_hash="", at=at, assumes=[])
    assert send_what_is_due(channels, worker="w", at=at) == 1


def test_one_message_that_breaks_the_guards_stops_no_other(queued, channels, relay, clock):
    other = record(
        "borrowers",
        [{"borrower_id": "beside", "timezone": "Europe/London", "country": "GB"}],
        source="t",
        at=NOW,
    )
    assert other
    recorded(reachable("beside", "email"))
    with connection.cursor() as cursor:  # a name sealed with a key that nobody has any more
        cursor.execute(
            "UPDATE book_person SET name = %s WHERE person_id = 'beside'", [b"\x03old" + b"x" * 40]
        )
    same = {
        it.name: getattr(queued, it.name) for it in Message._meta.fields if it.name not in ("id", "decision")
    }
    Message.objects.create(
        **{
            **same,
            "person_id": "beside",
            "subject": "",
            "contact_id": "poison",
            "purpose": "reply",
            "message_id": "p",
        }
    )

    assert sent(channels, clock, queued) == {"accepted": 1, "guard_error": 1}
    assert len(relay.sink.mails) == 1


class Faulty:
    """A channel with a fault of its own, from a package that is not ours."""

    name, limits = "email", Limits()

    @asynccontextmanager
    async def session(self, *, at):
        yield self

    async def send(self, outgoing, *, may_leave):
        await may_leave()
        raise ZeroDivisionError


def test_a_channel_with_a_fault_of_its_own_leaves_its_message_unknown_and_the_worker_alive(queued, clock):
    assert sent({"email": Faulty()}, clock, queued) == {"unknown": 1}


@pytest.mark.parametrize(
    ("channel", "purpose_class", "outcome"),
    [
        ("email", "collection", "no_address"),
        ("email", "duty", "accepted"),
        ("sms", "collection", "accepted"),
    ],
)
def test_an_address_that_said_stop_before_anybody_knew_whose_it_is_is_left_in_peace(
    channel, purpose_class, outcome, queued, channels, clock
):
    Address.objects.filter(pk="her-mail").update(index="not yet known")
    take_text(Answered(channel, "late@example.org", "us", "STOP", NOW), at=NOW)
    Address.objects.filter(pk="her-mail").update(index=blind("late@example.org"))
    Message.objects.update(purpose_class=purpose_class)

    sent(channels, clock, queued)

    queued.refresh_from_db()
    assert outcome in (queued.state, queued.because)


class NobodyThere(Faulty):
    """A provider that knows at once that nobody has this address."""

    async def send(self, outgoing, *, may_leave):
        assert await may_leave()
        raise Rejected("bad_address", permanent=True)


def test_an_address_of_which_the_provider_says_at_once_that_nobody_has_it_is_not_tried_again(queued, clock):
    assert sent({"email": NobodyThere()}, clock, queued) == {"rejected": 1}

    point = FACTS["contact_points"].objects.filter(person_id=queued.person_id).order_by("id").last()
    assert (point.address_id, point.state) == ("her-mail", "bounced")
