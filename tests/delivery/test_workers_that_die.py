"""Workers that die, sleep or stand side by side: nothing is lost, nothing comes twice, and one bad message stops no other."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tests.people import AT, someone, together
from tests.recording import recorded
from tideover.book.models import FACTS, Person
from tideover.delivery import outbox
from tideover.delivery.models import Message

NOW = datetime.fromtimestamp(AT, UTC)
pytestmark = pytest.mark.django_db(transaction=True)


def waiting(person, number=0, **about):
    known = {
        "purpose_class": "answer",
        "send_at": NOW,
        "due_at": NOW,
        "use_by": NOW + timedelta(days=2),
        "local_day": 1,
    }
    return Message.objects.create(
        contact_id=f"{person}-{number}", person_id=person, purpose=f"reply-{number}", channel="email", code="ABCD2345",
        message_id=f"{person}-{number}", **(known | about),
    )  # fmt: skip


def version_of(message):
    return Person.objects.get(pk=message.person_id).facts_version


def test_a_message_over_which_workers_die_is_found_and_the_others_go_on():
    names = [f"p{number}" for number in range(120)]
    recorded(together(*(someone(it) for it in names)), at=NOW)
    for name in names:
        waiting(name)
    deaths, at = 0, NOW
    while claimed := outbox.claim(worker=f"w{deaths}", at=at):
        if "p77" in {it.person_id for it in claimed}:
            deaths += 1
            at += outbox.lease() + timedelta(seconds=1)
            outbox.free_orphans(at=at)
            continue
        for it in claimed:
            assert outbox.begin({it: version_of(it)}, at=at)
            outbox.settle(it, "accepted", at=at)

    assert deaths == 3
    fates = dict(Message.objects.values_list("person_id", "state"))
    assert fates.pop("p77") == "suppressed"
    assert set(fates.values()) == {"accepted"}
    assert Message.objects.get(person_id="p77").because == "workers_died"


def test_deaths_after_the_guards_are_not_the_messages_doing():
    recorded(someone("asha"), at=NOW)
    waiting("asha")
    at = NOW
    for number in range(5):
        (claimed,) = outbox.claim(worker=f"killed-{number}", at=at)
        outbox.survived([claimed])
        at += outbox.lease() + timedelta(seconds=1)
        outbox.free_orphans(at=at)

    assert Message.objects.get().state == "queued"


def test_a_receipt_over_which_workers_die_while_they_send_it_ends_unknown():
    recorded(someone("asha"), at=NOW)
    waiting("asha", resend=True)
    at, sends = NOW, 0
    while claimed := outbox.claim(worker=f"w{sends}", at=at):
        outbox.begin({claimed[0]: version_of(claimed[0])}, at=at)
        sends += 1
        at += outbox.lease() + timedelta(seconds=1)
        outbox.free_orphans(at=at)
        at += timedelta(hours=1)

    assert (sends, Message.objects.get().state) == (6, "unknown")


def test_whoever_takes_a_receipt_and_never_says_so_has_it_six_times_in_an_hour_and_no_more():
    recorded(someone("asha"), at=NOW)
    waiting("asha", resend=True)
    at, sends = NOW, 0
    while claimed := outbox.claim(worker="w", at=at):
        outbox.begin({claimed[0]: version_of(claimed[0])}, at=at)
        sends += 1
        outbox.settle(claimed[0], "unknown", at=at, because="reply lost")
        again = Message.objects.get()
        at = again.due_at

    assert (sends, again.state, at - NOW) == (6, "unknown", timedelta(minutes=2 + 4 + 8 + 16 + 32))


@pytest.mark.parametrize("end", ["cancelled", "suppressed", "rejected"])
def test_what_may_have_arrived_goes_on_to_count_as_told_however_its_repeat_ends(end):
    recorded(someone("asha"), at=NOW)
    waiting("asha", resend=True)
    (first,) = outbox.claim(worker="one", at=NOW)
    outbox.begin({first: version_of(first)}, at=NOW)
    outbox.settle(first, "unknown", at=NOW, because="reply lost")
    later = NOW + timedelta(hours=1)

    if end == "cancelled":
        outbox.cancel(["asha"], at=later, because="paid")
    else:
        (again,) = outbox.claim(worker="two", at=later)
        outbox.begin({again: version_of(again)}, at=later)
        outbox.settle(again, end, at=later)

    contact = FACTS["contacts"].objects.order_by("recorded_at", "id").last()
    assert (contact.state, contact.send_at) == ("unknown", NOW)
    assert Message.objects.get().state in ("suppressed", "rejected")


def test_a_worker_holds_one_message_of_a_person_and_another_worker_none():
    recorded(together(someone("asha"), someone("ben")), at=NOW)
    for number in range(2):
        waiting("asha", number)
    waiting("ben")

    first = outbox.claim(worker="one", at=NOW)
    second = outbox.claim(worker="two", at=NOW)

    assert [it.person_id for it in first] == ["asha", "ben"]
    assert second == []


def test_however_many_workers_claim_at_once_nobodys_messages_are_in_two_hands():
    names = [f"p{number}" for number in range(40)]
    recorded(together(*(someone(it) for it in names)), at=NOW)
    for number in range(3):
        for name in names:
            waiting(name, number)
    held: list[Message] = []

    def claiming(worker):
        for _ in range(4):
            held.extend(outbox.claim(worker=worker, at=NOW, most=15))
        connection.close()

    workers = [threading.Thread(target=claiming, args=(f"w{number}",)) for number in range(4)]
    for it in workers:
        it.start()
    for it in workers:
        it.join()

    people = [it.person_id for it in held]
    assert sorted(people) == sorted(set(people))
    assert people


def test_what_a_dead_worker_held_is_in_other_hands_within_a_minute():
    recorded(someone("asha"), at=NOW)
    waiting("asha")
    outbox.claim(worker="dead", at=NOW)

    soon = NOW + timedelta(seconds=60)
    outbox.free_orphans(at=soon)

    assert [it.person_id for it in outbox.claim(worker="other", at=soon)] == ["asha"]
