"""Two workers at once: they take nothing of one another, and together give a number that people share no more than one would."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from tests.delivery.test_guards import MIDNIGHT, asked, at, clock  # noqa: F401 - a fixture
from tests.people import reachable, someone, together
from tests.recording import recorded
from tests.web.scene import a_message
from tideover.access.sealing import blind
from tideover.book.actions import touch
from tideover.book.models import Address
from tideover.delivery.brake import brake_for, brake_on_a_new_day
from tideover.delivery.group_commit import _written
from tideover.delivery.guards import guard
from tideover.delivery.models import Volume
from tideover.delivery.outbox import cancel, claim, end_too_late

pytestmark = pytest.mark.django_db(transaction=True)
FAMILIES, MEMBERS, MAY_HAVE = 12, 4, 2


def test_two_workers_never_break_the_cap_of_a_number_together(settings, tmp_path, clock):  # noqa: F811
    settings.DATA = tmp_path
    people = [f"p{number:02}" for number in range(FAMILIES * MEMBERS)]
    book = together(*(together(someone(name), reachable(name, "sms")) for name in people))
    book["contact_points"] = [
        {**it, "address_id": f"family{int(it['person_id'][1:]) % FAMILIES}"} for it in book["contact_points"]
    ]
    recorded(book, at=MIDNIGHT)
    for family in range(FAMILIES):
        number = f"+4477009{family:05}"
        Address.objects.create(address_id=f"family{family}", channel="sms", value=number, index=blind(number))
    asked(*people, channel="sms", use_by=MIDNIGHT + timedelta(days=3))
    moment = clock(at("10:00:00"))
    verdicts = guard(claim(worker="all", at=moment, most=len(people)), at=moment).verdicts
    begun, together_now = [], threading.Barrier(MEMBERS)

    def writes(mine):
        for it in mine:
            together_now.wait(20)
            begun.extend(_written([it], [], moment, moment))
        connections.close_all()

    hers = sorted(verdicts, key=lambda it: it.message.person_id)
    for it in hers:
        it.message.body, it.message.address_id = "{}", f"family{int(it.message.person_id[1:]) % FAMILIES}"
    each = [hers[number * FAMILIES : (number + 1) * FAMILIES] for number in range(MEMBERS)]
    workers = [threading.Thread(target=writes, args=(mine,)) for mine in each]
    for it in workers:
        it.start()
    for it in workers:
        it.join()

    assert set(Counter(it.address_id for it in begun).values()) == {MAY_HAVE}


def test_people_whose_texts_are_stuck_hold_up_nobody_elses_mail():
    stuck, others = [f"p{number:03}" for number in range(90)], [f"p{number:03}" for number in range(90, 100)]
    recorded(together(*(someone(name) for name in (*stuck, *others))), at=MIDNIGHT)
    waiting = [(name, channel) for name in stuck for channel in ("sms", "email")] + [
        (name, "email") for name in others
    ]
    for number, (name, channel) in enumerate(waiting):
        a_message(name, channel=channel, number=number, due_at=MIDNIGHT + timedelta(seconds=number))
    later = MIDNIGHT + timedelta(hours=1)
    assert len(claim(worker="texts", at=later, most=90, channels=["sms"])) == 90

    mails = claim(worker="mails", at=later, most=20, channels=["email"])

    assert sorted(it.person_id for it in mails) == others


alone = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="on SQLite whoever writes is alone")


@alone
def test_whoever_begins_a_day_counts_what_another_worker_is_just_taking_in():
    recorded(someone("asha"), at=MIDNIGHT)
    brake_on_a_new_day(at=MIDNIGHT - timedelta(hours=1))
    today = str(int(MIDNIGHT.timestamp()) // 86_400)

    def begins():
        brake_on_a_new_day(at=MIDNIGHT)
        connection.close()

    worker = threading.Thread(target=begins)
    with transaction.atomic():
        a_message("asha", send_at=MIDNIGHT)
        brake_for([], at=MIDNIGHT)
        worker.start()
        worker.join(1)
        assert worker.is_alive()
    worker.join(20)

    assert Volume.objects.get().lined_up[today] == {"gentle_reminder collection": 1}


@alone
def test_what_is_too_late_waits_for_nobody_who_writes_about_its_person():
    recorded(together(someone("asha"), someone("ben")), at=MIDNIGHT)
    for name in ("asha", "ben"):
        a_message(name, use_by=MIDNIGHT)
    ended = []

    def ends():
        ended.append(end_too_late(at=MIDNIGHT))
        connection.close()

    worker = threading.Thread(target=ends)
    with transaction.atomic():
        touch(["asha"])  # as a stop of hers does, before it takes back what waits for her
        worker.start()
        worker.join(20)
        assert cancel(["asha"], at=MIDNIGHT, because="opted_out") == 1

    assert ended == [1]
