"""What the guards need is missing, torn or locked: nothing leaves, and it is said."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from structlog.testing import capture_logs

from tests.delivery.test_hostile_words import clock, known, relay, reply, send  # noqa: F401 - fixtures among them
from tests.people import AT
from tideover.access.clock import now
from tideover.book.models import FACTS
from tideover.delivery.models import Message
from tideover.delivery.queries import standing
from tideover.strategy.models import Release
from tideover.support.jobs import open_cases
from tideover.support.models import Case

pytestmark = pytest.mark.django_db(transaction=True)
SEEN_BY_GUARDS = ("borrowers", "consents", "holds", "contact_points", "preferences", "contacts", "loans")


def sql(text):
    with connection.cursor() as cursor:
        cursor.execute(text)


@pytest.mark.parametrize("table", SEEN_BY_GUARDS)
def test_a_table_of_facts_that_cannot_be_read_lets_nothing_leave_and_is_told(table, relay, clock):  # noqa: F811
    known("asha", "ben")
    for it in ("asha", "ben"):
        reply(it)
    name = FACTS[table]._meta.db_table
    sql(f"ALTER TABLE {name} RENAME TO elsewhere")
    try:
        with capture_logs() as said:
            assert send(relay) == {"guard_error": 2}
    finally:
        sql(f"ALTER TABLE elsewhere RENAME TO {name}")

    assert relay.sink.mails == []
    assert {it["event"] for it in said if it["log_level"] == "error"} == {"guard_error"}
    assert standing(now()).waiting == {"guard_error": 2}


@pytest.mark.parametrize("people", [("asha",), ("asha", "ben")], ids=["alone", "together"])
def test_once_it_can_be_read_again_what_waited_leaves(people, relay, clock):  # noqa: F811
    known(*people)
    for it in people:
        reply(it)
    name = FACTS["holds"]._meta.db_table
    sql(f"ALTER TABLE {name} RENAME TO elsewhere")
    send(relay)
    sql(f"ALTER TABLE elsewhere RENAME TO {name}")

    Message.objects.update(due_at=AT)

    assert send(relay) == {"accepted": len(people)}


def test_a_message_whose_guards_fail_alone_is_tried_again_and_then_a_persons_to_look_at(relay, clock):  # noqa: F811
    known("asha")
    reply("asha")
    name = FACTS["holds"]._meta.db_table
    sql(f"ALTER TABLE {name} RENAME TO elsewhere")
    try:
        for _ in range(4):
            assert send(relay) == {"guard_error": 1}
            assert Message.objects.get().state == "queued"
            Message.objects.update(due_at=AT)
        send(relay)
    finally:
        sql(f"ALTER TABLE elsewhere RENAME TO {name}")

    assert (Message.objects.get().state, Message.objects.get().because) == ("suppressed", "guard_error")
    open_cases(at=datetime.fromtimestamp(AT, UTC))
    assert Case.objects.get().kind == "undelivered"


def test_a_person_of_whom_nothing_is_known_is_not_written_to(relay, clock):  # noqa: F811
    known("asha")
    reply("nobody")

    send(relay)

    assert relay.sink.mails == []
    assert Message.objects.get().state == "suppressed"


def test_without_a_strategy_nothing_leaves(relay, clock):  # noqa: F811
    known("asha")
    reply("asha")
    Release.objects.update(state="retired", share=0)

    assert send(relay) == {}
    assert relay.sink.mails == []
    assert Message.objects.get().state == "queued"
