"""The line before a channel: those whose turn is near are written down together, and nobody who waits pays for it."""

import dataclasses
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.delivery.test_lanes import Way
from tests.people import AT, reachable, someone, together
from tests.recording import recorded
from tests.reliability.door import door
from tideover.access.sealing import sealed
from tideover.book.actions import record
from tideover.book.models import Address, Person
from tideover.delivery import outbox
from tideover.delivery.channels import Busy, Unknown, open_channel
from tideover.delivery.guards import Verdict
from tideover.delivery.line import MOST, Line
from tideover.delivery.models import Message
from tideover.delivery.pace import Pace
from tideover.delivery.ready import Ready
from tideover.delivery.sending import SAYS_NOTHING, one_round
from tideover.delivery.taking import take
from tideover.strategy.gate import consider
from tideover.strategy.releases import ensure_shipped

NOW = datetime.fromtimestamp(AT, UTC)
LATER = NOW + timedelta(hours=10)
MANY = 40
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(monkeypatch, settings, tmp_path):
    """So many people, each with an answer that is due by mail."""
    settings.DATA = tmp_path
    monkeypatch.setattr("tideover.delivery.sending.now", lambda: LATER)
    ensure_shipped(at=NOW)
    names = [f"p{number:02}" for number in range(MANY)]
    book = together(*(together(someone(name), reachable(name, "email")) for name in names))
    for it in book["contact_points"]:
        it["address_id"] = it["person_id"]
    recorded(book)
    for name in names:
        Address.objects.create(address_id=name, channel="email", value=f"{name}@example.org", index=name)
        values = {"answer": "All is well."}
        assert consider(person_id=name, occasion="reply", at=NOW, channel="email", values=values).decision
    take(at=NOW)
    Message.objects.update(due_at=NOW, use_by=LATER + timedelta(days=2))
    return names


def in_line(count, *, pace=None, **about):
    verdict = Verdict(Message(), 0, may_leave=True, **about)
    return Line([Ready(dataclasses.replace(verdict), None, None) for _ in range(count)], pace)


async def test_a_text_in_parts_takes_the_turns_of_as_many():
    line = in_line(2, pace=Pace(20))
    await line.next()
    line.has_left(parts=5)

    began = time.monotonic()
    await line.next()

    assert time.monotonic() - began > 0.2


def test_nobody_further_down_is_thought_of_while_nobody_has_left():
    assert in_line(5).soon() == []


def test_as_many_are_near_as_left_a_moment_ago_and_no_more_than_one_group():
    line = in_line(100)
    for _ in range(3):
        line.has_left()

    assert len(line.soon()) == 3
    for _ in range(50):
        line.has_left()
    assert len(line.soon()) == MOST


def test_of_a_provider_that_has_become_slow_nobody_is_near_any_more():
    line = in_line(5)
    line.has_left()
    time.sleep(0.15)

    assert line.soon() == []


def test_whose_number_may_be_full_is_looked_at_when_her_turn_has_come():
    line = in_line(5, number_caps=({"scope": "address"},))
    line.has_left()

    assert line.soon() == []


def test_what_is_told_about_somebody_further_down_the_line_is_seen_before_her_mail_leaves(people):
    last = people[-1]

    def told(place, to):
        if place == "data" and to == f"{people[-2]}@example.org":
            died = [{"hold_id": "h", "kind": "bereavement", "from_at": NOW, "person_id": last}]
            record("holds", died, source="test", at=NOW)

    with door() as relay:
        relay.held = told
        channels = {"email": open_channel("email", {"TIDEOVER_SMTP_URL": relay.url(1)})}
        outcomes = one_round(channels, worker="w", at=LATER).outcomes

    assert outcomes == {"accepted": MANY - 1, "withdrawn": 1}
    assert f"{last}@example.org" not in relay.arrived
    stopped = Message.objects.get(person_id=last)
    assert (stopped.state, stopped.because) == ("queued", "facts_changed")


class Leaving(Way):
    """A provider that is there for so many messages, and then is not."""

    async def send(self, outgoing, *, may_leave):
        if len(self.taken) == 25:
            raise Busy("unreachable", retry_after=timedelta(minutes=1))
        return await super().send(outgoing, may_leave=may_leave)


def test_who_stood_as_leaving_when_the_provider_went_away_waits_as_if_never_tried(people):
    outcomes = one_round({"email": Leaving("email")}, worker="w", at=LATER).outcomes

    assert outcomes == {"accepted": 25, "busy": MANY - 25}
    waiting = Message.objects.exclude(state="accepted")
    assert set(waiting.values_list("state", "attempts")) == {("queued", 0)}
    assert len(outbox.claim(worker="w", at=LATER + timedelta(minutes=5))) == MANY - 25


class Silent(Way):
    """A provider that takes messages and says nothing."""

    async def send(self, outgoing, *, may_leave):
        assert await may_leave()
        raise Unknown("the reply was lost")


def test_a_provider_that_says_nothing_is_given_a_few_messages_and_the_rest_wait(people):
    outcomes = one_round({"email": Silent("email")}, worker="w", at=LATER).outcomes

    assert outcomes == {"unknown": SAYS_NOTHING, "busy": MANY - SAYS_NOTHING}
    assert Message.objects.filter(state="queued", because="unreachable").count() == MANY - SAYS_NOTHING
    assert outbox.claim(worker="w", at=LATER + timedelta(seconds=30)) == []


@pytest.mark.parametrize("sessions", [1, 4])
def test_a_provider_is_given_no_more_a_second_than_it_takes(people, sessions):
    with door() as relay:
        address = f"{relay.url(sessions)}&per_second=40"
        channels = {"email": open_channel("email", {"TIDEOVER_SMTP_URL": address})}
        for _ in range(2):  # the pace goes on from round to round
            one_round(channels, worker="w", at=LATER, most=MANY // 2)

    moments = sorted(at for each in relay.arrived.values() for at in each)
    assert len(moments) == MANY
    assert moments[-1] - moments[0] > (MANY - 1) / 40 * 0.9


class PuttingOff(Way):
    """A provider that asks for a while each time, after the last look."""

    def __init__(self, *, is_a_try):
        super().__init__("email")
        self.is_a_try = is_a_try

    async def send(self, outgoing, *, may_leave):
        assert await may_leave()
        raise Busy("deferred", retry_after=timedelta(minutes=1), is_a_try=self.is_a_try)


@pytest.mark.parametrize(("is_a_try", "ends"), [(True, {("rejected", 4)}), (False, {("queued", 0)})])
def test_what_is_put_off_because_of_the_way_there_is_tried_on_and_what_is_put_off_itself_not_for_ever(
    people, is_a_try, ends, monkeypatch
):
    for round_ in range(8):
        at = LATER + timedelta(hours=round_)
        monkeypatch.setattr("tideover.delivery.sending.now", lambda at=at: at)
        Message.objects.filter(state="queued").update(due_at=at)
        one_round({"email": PuttingOff(is_a_try=is_a_try)}, worker="w", at=at)

    assert set(Message.objects.values_list("state", "attempts")) == ends


def test_what_leaves_and_what_became_of_it_is_written_without_reading_through_the_outbox(people):
    if connection.vendor != "sqlite":
        pytest.skip("the plan of SQLite is read")
    claimed = outbox.claim(worker="w", at=LATER)
    versions = dict(Person.objects.values_list("pk", "facts_version"))

    with CaptureQueriesContext(
        connection,
    ) as asked:
        begun = outbox.begin({it: versions[it.person_id] for it in claimed}, at=LATER)
        outbox.settle_all([outbox.Ended(it, "accepted") for it in claimed], at=LATER)
        outbox.free_orphans(at=LATER)

    assert len(begun) == MANY
    assert len(asked) < 20
    plain = [it["sql"] for it in asked if it["sql"].startswith(("WITH", "UPDATE", "INSERT", "SELECT"))]
    with connection.cursor() as cursor:
        for sql in plain:
            steps = [step for *_, step in cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()]
            assert not [it for it in steps if it.startswith("SCAN") and it.split()[1] in BIG], sql


BIG = ("delivery_message", "m", "book_person", "p", "book_contacts", "last")


def test_what_was_kept_before_it_was_packed_can_still_be_read(people):
    message = Message.objects.first()
    kept = json.dumps({"subject": "Dabūjām Jūsu vēstuli", "html": "<p>" * 5_000})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE delivery_message SET body = %s WHERE id = %s", [sealed(kept), message.pk])
        message.refresh_from_db()
        assert message.body == kept

        Message.objects.filter(pk=message.pk).update(body=kept)
        message.refresh_from_db()
        assert message.body == kept
        cursor.execute("SELECT length(body) FROM delivery_message WHERE id = %s", [message.pk])
        assert cursor.fetchone()[0] < 1_000
