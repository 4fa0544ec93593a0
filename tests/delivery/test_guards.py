"""Guards at the moment of sending: the hours, and the time that passes between a verdict and the provider."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT, DAY, fresh_payments, reachable, someone, together
from tests.recording import recorded
from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.models import FACTS, Address
from tideover.delivery.channels import Accepted, Limits, Unknown, Withdrawn
from tideover.delivery.models import Message
from tideover.delivery.sending import one_round
from tideover.delivery.taking import take
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.shares import in_force

NOW = datetime.fromtimestamp(AT, UTC)
MIDNIGHT = NOW.replace(hour=0)
pytestmark = pytest.mark.django_db(transaction=True)


class Slow:
    """A provider that takes a while before it asks whether the message may leave."""

    name, limits = "app", Limits()

    def __init__(self, clock, takes=timedelta()):
        self.clock, self.takes, self.taken = clock, takes, []

    @asynccontextmanager
    async def session(self, *, at):
        yield self

    async def send(self, outgoing, *, may_leave):
        self.clock(self.clock.at + self.takes)
        if not await may_leave():
            raise Withdrawn
        self.taken.append(self.clock.at)
        return Accepted("taken")


@pytest.fixture
def clock(monkeypatch):
    """The product's clock, set by hand."""

    def set_to(at):
        set_to.at = at
        monkeypatch.setattr("tideover.delivery.sending.now", lambda: at)
        return at

    return set_to


def asked(*people, channel="app", use_by=MIDNIGHT + timedelta(days=1)):
    """A message to each that may leave from eight to eight on weekdays in London."""
    ensure_shipped(at=MIDNIGHT)
    plan = in_force().main.plan(AT)
    for name in people:
        Decision.objects.create(
            decision_id=f"{name}.today", person_id=name, at=MIDNIGHT, treatment="contact", purpose="hardship_check_in", policy="gate",
            step="hardship_check_in", channel=channel, send_at=MIDNIGHT, use_by=use_by, language="en", reasons="asked",
            strategy_hash=plan.strategy.hash, rules_hash=plan.rules.hash, tables_hash="", content_hash="", engine_version="1",
        )  # fmt: skip
    take(at=MIDNIGHT)
    return Message.objects.all()


@pytest.fixture
def asks_how_she_is(settings, tmp_path, clock):
    """A message of use until this midnight."""
    settings.DATA = tmp_path
    recorded(together(someone("asked"), reachable("asked", "app"), fresh_payments(AT + DAY)), at=MIDNIGHT)
    return asked("asked").get()


def at(text):
    hour, minute, second = map(int, text.split(":"))
    return MIDNIGHT.replace(hour=hour, minute=minute, second=second)


@pytest.mark.parametrize("moment", ["20:00:00", "20:00:01", "23:59:59"])
def test_what_is_of_no_use_tomorrow_is_not_sent_after_hours_today(moment, asks_how_she_is, clock):
    provider = Slow(clock)

    one_round({"app": provider}, worker="w", at=clock(at(moment)))

    asks_how_she_is.refresh_from_db()
    assert provider.taken == []
    assert (asks_how_she_is.state, asks_how_she_is.because) == ("suppressed", "no_moment_before_use_by")


@pytest.mark.parametrize("moment", ["07:59:01", "07:59:59"])
def test_nothing_leaves_in_the_last_minute_before_the_hours_begin(moment, asks_how_she_is, clock):
    provider = Slow(clock)

    one_round({"app": provider}, worker="w", at=clock(at(moment)))
    assert provider.taken == []

    one_round({"app": provider}, worker="w", at=clock(at("08:00:00")))
    assert provider.taken == [at("08:00:00")]


def test_a_provider_that_takes_its_time_does_not_carry_a_message_past_the_hours(asks_how_she_is, clock):
    provider = Slow(clock, takes=timedelta(seconds=20))

    one_round({"app": provider}, worker="w", at=clock(at("19:59:50")))

    asks_how_she_is.refresh_from_db()
    assert provider.taken == []
    assert (asks_how_she_is.state, asks_how_she_is.because) == ("queued", "time_passed")


def test_within_the_hours_a_slow_provider_gets_the_message_all_the_same(asks_how_she_is, clock):
    provider = Slow(clock, takes=timedelta(seconds=20))

    one_round({"app": provider}, worker="w", at=clock(at("10:14:50")))
    one_round({"app": provider}, worker="w", at=clock(clock.at))

    assert len(provider.taken) == 1


@pytest.mark.parametrize("put_back", [timedelta(minutes=2), timedelta(hours=1), timedelta(days=1)])
def test_what_was_said_while_the_clock_ran_ahead_is_kept_when_it_is_put_back(
    put_back, asks_how_she_is, clock
):
    provider, right = Slow(clock), at("10:00:00")
    refused = {
        "person_id": "asked",
        "channel": "all",
        "purpose_class": "all",
        "withdrawn_at": right + put_back,
    }
    record("consents", [refused], source="person", at=right + put_back)

    one_round({"app": provider}, worker="w", at=clock(right))

    asks_how_she_is.refresh_from_db()
    assert provider.taken == []
    assert (asks_how_she_is.state, asks_how_she_is.because) == ("queued", "clock_behind")


def test_a_number_that_a_family_shares_gets_two_contacts_a_day_and_no_third(settings, tmp_path, clock):
    settings.DATA = tmp_path
    family, provider = [f"family-{n}" for n in range(4)], Slow(clock)
    book = together(*(together(someone(name), reachable(name, "sms")) for name in family))
    book["contact_points"] = [{**it, "address_id": "their-number"} for it in book["contact_points"]]
    recorded(book, at=MIDNIGHT)
    Address.objects.create(
        address_id="their-number", channel="sms", value="+447700900123", index=blind("+447700900123")
    )
    asked(*family, channel="sms", use_by=MIDNIGHT + timedelta(days=3))

    one_round({"sms": provider}, worker="w", at=clock(at("10:00:00")))
    assert len(provider.taken) == 2
    assert set(Message.objects.filter(state="queued").values_list("because", flat=True)) == {
        "default_shared_phone"
    }

    one_round({"sms": provider}, worker="w", at=clock(at("09:59:59") + timedelta(days=1)))
    assert len(provider.taken) == 2
    one_round({"sms": provider}, worker="w", at=clock(at("10:00:00") + timedelta(days=1)))
    assert len(provider.taken) == 4


class Deaf(Slow):
    """A provider whose reply is lost."""

    async def send(self, outgoing, *, may_leave):
        await super().send(outgoing, may_leave=may_leave)
        raise Unknown("reply lost")


def test_a_message_whose_reply_was_lost_counts_from_when_it_left_and_not_from_when_it_was_planned(
    asks_how_she_is, clock
):
    one_round({"app": Deaf(clock)}, worker="w", at=clock(at("15:30:00")))

    known = FACTS["contacts"].objects.filter(contact_id=asks_how_she_is.contact_id).order_by("id").last()
    assert (known.state, known.send_at) == ("unknown", at("15:30:00"))
