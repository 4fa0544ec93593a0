"""A call that was decided on, and what is written about her before anybody makes it."""

from datetime import timedelta

import pytest

from tests.people import AT, DAY, fresh_payments, late
from tests.recording import NOW, recorded
from tests.web.scene import a_decision, a_message
from tideover.access.models import AuditRow
from tideover.book.actions import record
from tideover.delivery.answers import receive
from tideover.delivery.models import Message
from tideover.strategy.releases import ensure_shipped
from tideover.support.jobs import open_cases
from tideover.support.models import Case
from tideover.support.tasks import PAID, RESTS, STOPPED, close_unwanted

LATER = NOW + timedelta(minutes=5)
pytestmark = pytest.mark.django_db


@pytest.fixture
def call(settings, tmp_path):
    """Somebody is to call asha."""
    settings.DATA = tmp_path
    recorded(late("asha"), late("bela"), fresh_payments(AT + 3 * DAY), at=NOW - timedelta(days=1))
    ensure_shipped(at=NOW - timedelta(days=1))
    decided = a_decision("asha", channel="call", purpose="help_call", subject="asha-loan-1")
    a_message(
        "asha", channel="call", purpose="help_call", state="accepted", ended_at=NOW, decision=decided,
        use_by=NOW + timedelta(days=2),
    )  # fmt: skip
    open_cases(at=NOW)
    close_unwanted(at=NOW)
    return Case.objects.get()


def now_of(case):
    case.refresh_from_db()
    return case.state, case.note


def test_after_a_death_nobody_is_sent_to_call(call):
    receive(
        person_id="asha", channel="sms", text="my mother Asha died last week", at=NOW + timedelta(minutes=3), outside_id="d"
    )  # fmt: skip

    assert close_unwanted(at=LATER) == 1
    assert now_of(call) == ("closed", RESTS)
    assert AuditRow.objects.filter(action="case_closed", about=f"case:{call.pk}").count() == 1
    assert close_unwanted(at=LATER) == 0


def test_whoever_wants_no_calls_any_more_is_not_called(call):
    stop = {"person_id": "asha", "channel": "call", "purpose_class": "all", "withdrawn_at": NOW}
    record("consents", [stop], source="portal", at=NOW + timedelta(minutes=1))

    close_unwanted(at=LATER)

    assert now_of(call) == ("closed", STOPPED)


def test_whoever_has_paid_what_it_was_about_is_not_called(call):
    paid = {"payment_id": "p", "loan_id": "asha-loan-1", "amount": 10_000, "paid_at": NOW}
    record("payments", [paid], source="bank", at=NOW + timedelta(minutes=1))

    close_unwanted(at=LATER)

    assert now_of(call) == ("closed", PAID)


@pytest.mark.parametrize(
    ("table", "fact"),
    [
        ("payments", {"payment_id": "p", "loan_id": "bela-loan-1", "amount": 10_000, "paid_at": NOW}),
        ("preferences", {"person_id": "asha", "name": "large_print", "value": "yes"}),
        ("holds", {"hold_id": "h", "person_id": "bela", "kind": "bereavement", "from_at": NOW}),
        ("feeds", {"name": "payments", "fresh_until": NOW - timedelta(days=9)}),
    ],
    ids=["somebody else paid", "a wish", "a hold of somebody else", "stale payments"],
)
def test_what_does_not_speak_against_the_call_leaves_it(call, table, fact):
    record(table, [fact], source="x", at=NOW + timedelta(minutes=1))

    assert close_unwanted(at=LATER) == 0
    assert now_of(call) == ("open", None)


def test_whoever_has_taken_it_keeps_it_and_reads_why(call):
    Case.objects.update(state="taken", owner="7")
    hold = {"hold_id": "h", "person_id": "asha", "kind": "bereavement", "from_at": NOW}
    record("holds", [hold], source="x", at=NOW + timedelta(minutes=1))

    close_unwanted(at=LATER + timedelta(days=5))

    assert now_of(call) == ("taken", RESTS)


def test_what_becomes_known_only_later_is_judged_then(call):
    hold = {"hold_id": "h", "person_id": "asha", "kind": "bereavement", "from_at": NOW}
    record("holds", [hold], source="x", at=LATER)

    assert close_unwanted(at=LATER - timedelta(minutes=1)) == 0
    assert close_unwanted(at=LATER) == 1


def test_a_call_whose_message_is_gone_waits_on(call):
    Message.objects.all().delete()
    hold = {"hold_id": "h", "person_id": "asha", "kind": "bereavement", "from_at": NOW}
    record("holds", [hold], source="x", at=NOW)

    assert close_unwanted(at=LATER) == 0
    assert now_of(call) == ("open", None)


def test_many_calls_cost_as_few_questions_as_few(call, django_assert_max_num_queries):
    people = [f"late-{n}" for n in range(30)]
    recorded(*(late(it) for it in people), at=NOW)
    for it in people:
        a_message(it, channel="call", purpose="help_call", state="accepted", ended_at=NOW)
    open_cases(at=NOW)

    with django_assert_max_num_queries(80):
        close_unwanted(at=LATER)

    assert set(Case.objects.values_list("state", flat=True)) == {"open"}
