"""A provider that is stuck holds up nobody else."""

import asyncio
import threading
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from tests.people import AT, reachable, someone, together
from tests.recording import recorded
from tideover.book.models import Address
from tideover.delivery.channels import Accepted, Busy, Limits
from tideover.delivery.jobs import send
from tideover.delivery.lanes import Lanes
from tideover.delivery.models import Message
from tideover.delivery.taking import take
from tideover.strategy.gate import consider
from tideover.strategy.models import Release
from tideover.strategy.releases import ensure_shipped

NOW = datetime.fromtimestamp(AT, UTC)
LATER = NOW + timedelta(hours=10)
pytestmark = pytest.mark.django_db(transaction=True)


class Way:
    """A channel that takes what it is given, once it may."""

    at_the_door = False
    """Says what is wrong only when a message stands before it."""

    def __init__(self, name, *, held=False, fault=None):
        self.name, self.limits, self.fault, self.taken = name, Limits(), fault, []
        self.may_go, self.reached = threading.Event(), threading.Event()
        if not held:
            self.may_go.set()

    @asynccontextmanager
    async def session(self, *, at):
        yield self

    async def send(self, outgoing, *, may_leave):
        self.reached.set()
        while not self.may_go.is_set():
            await asyncio.sleep(0.01)
        if self.fault and not self.at_the_door:
            raise self.fault
        assert await may_leave()
        if self.fault:
            raise self.fault
        self.taken.append(outgoing)
        return Accepted("it")


@pytest.fixture
def people(monkeypatch):
    """Six people, three to be written to by mail and three by text."""
    monkeypatch.setattr("tideover.delivery.sending.now", lambda: LATER)
    ensure_shipped(at=NOW)
    names = [(f"{channel}{number}", channel) for channel in ("email", "app") for number in range(3)]
    book = together(*(together(someone(name), reachable(name, channel)) for name, channel in names))
    for it in book["contact_points"]:
        it["address_id"] = it["person_id"]
    recorded(book)
    for name, channel in names:
        Address.objects.create(address_id=name, channel=channel, value=f"{name}@example.org", index=name)
        values = {"answer": "All is well."}
        assert consider(person_id=name, occasion="reply", at=NOW, channel=channel, values=values).decision
    take(at=NOW)
    Message.objects.update(due_at=NOW, use_by=LATER + timedelta(days=2))


def lanes(*ways):
    by_name = {it.name: it for it in ways}
    return Lanes(by_name, lambda name, at, most: send({name: by_name[name]}, worker=name, at=at, most=most))


def test_mail_goes_on_while_another_provider_says_nothing(people):
    stuck, mail = Way("app", held=True), Way("email")
    with lanes(stuck, mail) as both:
        both.start(at=LATER)
        try:
            assert stuck.reached.wait(60)
            both.finished(within=60)

            assert len(mail.taken) == 3
            assert stuck.taken == []
            assert both.is_busy
        finally:
            stuck.may_go.set()

    assert len(stuck.taken) == 3


def test_a_fast_channel_claims_more_at_once_and_one_that_has_become_slow_leaves_them_to_others(
    people, monkeypatch
):
    seconds, claims = iter([0, 1, 1, 2, 2, 12, 12, 13]), []
    monkeypatch.setattr("tideover.delivery.lanes.time.monotonic", lambda: next(seconds))

    def send_all(name, at, most):
        claims.append(most)
        return most

    with Lanes({"email": Way("email")}, send_all) as one:
        for _ in range(4):
            one.start(at=LATER)
            one.finished(within=60)

    assert claims == [500, 1_500, 2_000, 600]


def test_when_nobody_is_there_the_rest_of_a_share_waits_instead_of_dialling_on(people):
    away = Way("email", fault=Busy("unreachable", retry_after=timedelta(minutes=1)))

    with lanes(away) as one:
        one.start(at=LATER)

    told = sorted(Message.objects.filter(channel="email").values_list("state", "because", "attempts"))
    assert told == [
        ("queued", "busy_unreachable", 0),
        ("queued", "busy_unreachable", 0),
        ("queued", "unreachable", 0),
    ]


@pytest.mark.parametrize("says", ["rate", "not_admitted"])
def test_what_a_provider_says_of_the_way_costs_no_message_a_try_however_often(people, monkeypatch, says):
    full, at = Way("email", fault=Busy(says, retry_after=timedelta(seconds=5))), LATER
    full.at_the_door = True
    with lanes(full) as one:
        for _ in range(8):
            monkeypatch.setattr("tideover.delivery.sending.now", lambda now=at: now)
            one.start(at=at)
            one.finished(within=60)
            at += timedelta(minutes=6)

    told = Message.objects.filter(channel="email").values_list("state", "because", "attempts")
    assert set(told) == {("queued", f"busy_{says}", 0)}

    full.fault = None
    with lanes(full) as one:
        monkeypatch.setattr("tideover.delivery.sending.now", lambda: at)
        one.start(at=at)
    assert len(full.taken) == 3


def test_while_a_provider_throttles_one_message_asks_and_the_others_wait(people):
    full = Way("email", fault=Busy("rate", retry_after=timedelta(seconds=5)))
    asked = []
    full.reached = type("Counted", (), {"set": lambda _: asked.append(1)})()

    with lanes(full) as one:
        one.start(at=LATER)

    assert len(asked) == 1
    assert set(Message.objects.filter(channel="email").values_list("due_at", flat=True)) == {
        LATER + timedelta(seconds=3),  # the others first: one that alone is refused holds up nobody
        LATER + timedelta(seconds=5),
    }


def test_what_was_live_is_taken_back_and_the_worker_goes_on_with_nothing_to_send(people):
    Release.objects.update(state="taken_back", share=0)

    with lanes(Way("email"), Way("app")) as both:
        both.start(at=LATER)

        assert both.finished(within=30) + both.finished(within=30) == 0
    assert set(Message.objects.values_list("state", flat=True)) == {"queued"}


def test_a_lane_with_a_fault_of_its_own_ends_no_worker_and_is_set_off_again(people, monkeypatch):
    mail, faults = Way("email"), [ZeroDivisionError()]

    def fail_once(*_, **__):
        if faults:
            raise faults.pop()

    monkeypatch.setattr("tideover.delivery.sending.warm", fail_once)
    with lanes(mail) as one, capture_logs() as said:
        one.start(at=LATER)
        assert one.finished(within=30) == 0
        one.start(at=LATER)
        assert one.finished(within=30) == 3

    assert [it["event"] for it in said if it["log_level"] == "error"] == ["lane_failed"]
    assert len(mail.taken) == 3
