"""Guards at the moment of sending: the hours, and the time that passes between a verdict and the provider."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT, DAY, fresh_payments, reachable, someone, together
from tests.recording import recorded
from tideover.delivery import outbox
from tideover.delivery.channels import Accepted, Limits, Withdrawn
from tideover.delivery.models import Message
from tideover.delivery.sending import one_round
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped, live_setup

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


@pytest.fixture
def asks_how_she_is(settings, tmp_path, clock):
    """A message that may leave from eight to eight on weekdays in London, of use until this midnight."""
    settings.DATA = tmp_path
    recorded(together(someone("asked"), reachable("asked", "app"), fresh_payments(AT + DAY)), at=MIDNIGHT)
    ensure_shipped(at=MIDNIGHT)
    plan = live_setup(NOW).plan(AT)
    Decision.objects.create(
        decision_id="asked.today", person_id="asked", at=MIDNIGHT, treatment="contact", purpose="hardship_check_in", policy="gate",
        step="hardship_check_in", channel="app", send_at=MIDNIGHT, use_by=MIDNIGHT + timedelta(days=1), language="en", reasons="asked",
        strategy_hash=plan.strategy.hash, rules_hash=plan.rules.hash, tables_hash="", content_hash="", engine_version="1",
    )  # fmt: skip
    outbox.take(at=MIDNIGHT)
    return Message.objects.get()


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
