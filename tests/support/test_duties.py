"""A duty that does not leave reaches a person before its day, and whatever is too late ends."""

from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import AT, DAY, fresh_payments, late, reachable
from tests.recording import NOW, recorded
from tests.web.scene import a_message
from tideover.access.models import AuditRow
from tideover.access.sealing import blind
from tideover.book.models import Address
from tideover.delivery.channels import Busy, Limits
from tideover.delivery.channels.kept import KeptChannel
from tideover.delivery.jobs import send, take_in
from tideover.delivery.models import Message
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.stops import press
from tideover.support import jobs
from tideover.support.duties import CAME_BACK, LEFT, close_left
from tideover.support.jobs import open_cases
from tideover.support.models import Case

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)
USE_BY = NOW + 48 * HOUR
NO_LETTERS = {"email": KeptChannel("email")}


class Away:
    """A channel whose provider is not there."""

    name, limits = "letter", Limits()

    @asynccontextmanager
    async def session(self, *, at):
        yield self

    async def send(self, outgoing, *, may_leave):
        raise Busy("unreachable", retry_after=timedelta(minutes=1), is_a_try=False)


@pytest.fixture(autouse=True)
def mary(settings, tmp_path):
    """Mary, whom a letter reaches."""
    settings.DATA = tmp_path
    book = reachable("mary", "letter")
    book["contact_points"] = [
        {**it, "address_id": "home", "recorded_at": AT - 3600} for it in book["contact_points"]
    ]
    recorded(late("mary"), book, fresh_payments(AT + 9 * DAY), at=NOW - timedelta(days=1))
    Address.objects.create(address_id="home", channel="letter", value="1 High St", index=blind("1 High St"))
    ensure_shipped(at=NOW)


def a_duty(**about):
    known = {"purpose": "arrears_notice", "purpose_class": "duty", "subject": "mary-loan-1", "resend": True}
    return a_message("mary", channel="letter", **{**known, "use_by": USE_BY, **about})


def turn(at, channels):
    take_in(at=at)
    send(channels, worker="w", at=at)
    open_cases(at=at)
    close_left(at=at)


def when_told(settings, tmp_path, channels):
    """The hour at which a person hears of the duty, turn after turn."""
    settings.CLOCK_FILE = str(tmp_path / "clock")
    for hours in range(0, 48, 3):
        at = NOW + hours * HOUR
        (tmp_path / "clock").write_text(at.isoformat())
        turn(at, channels)
        if Case.objects.exists():
            return hours
    return None


@pytest.mark.parametrize(
    ("channels", "is_stopped"),
    [({"letter": Away()}, False), (NO_LETTERS, False), ({"letter": Away()}, True)],
    ids=["the provider is away", "the channel is closed", "everything is stopped"],
)
def test_a_duty_that_waits_reaches_a_person_before_its_day(settings, tmp_path, channels, is_stopped):
    duty = a_duty()
    if is_stopped:
        press(scope="all", by="lead", at=NOW)

    assert when_told(settings, tmp_path, channels) == 36

    case = Case.objects.get()
    assert (case.kind, case.from_row, case.due_on) == (
        "undelivered_duty",
        f"message-{duty.pk}",
        USE_BY.date(),
    )
    assert Message.objects.get().state == "queued"


@pytest.mark.parametrize("purpose_class", ["duty", "reminder"])
def test_what_is_past_its_use_by_ends_though_its_channel_is_closed(purpose_class):
    a_duty(purpose_class=purpose_class)

    turn(USE_BY, NO_LETTERS)

    ended = Message.objects.get()
    assert (ended.state, ended.because, ended.ended_at) == ("suppressed", "too_late", USE_BY)
    assert Case.objects.count() == (purpose_class == "duty")
    turn(USE_BY + HOUR, NO_LETTERS)
    assert Case.objects.count() == (purpose_class == "duty")


@pytest.mark.parametrize(
    ("about", "hours"),
    [
        ({}, 35),
        ({"use_by": NOW + 10 * HOUR}, 5),
        ({"use_by": NOW + HOUR}, 0),
        ({"because": "not_at_this_hour", "due_at": USE_BY - HOUR}, 46),
        ({"purpose_class": "reminder"}, 47),
    ],
    ids=["has time", "has a day", "has an hour", "waits for its hour", "is no duty"],
)
def test_nobody_is_troubled_while_it_may_well_leave_in_time(about, hours):
    a_duty(**about)

    assert open_cases(at=NOW + hours * HOUR) == 0


@pytest.mark.parametrize(
    ("about", "hours"), [({"use_by": NOW + 10 * HOUR}, 6), ({"because": "not_at_this_hour"}, 36)]
)
def test_a_person_has_some_hours_to_act(about, hours):
    a_duty(**about)

    assert open_cases(at=NOW + hours * HOUR) == 1


def told_late(**about):
    duty = a_duty()
    open_cases(at=NOW + 40 * HOUR)
    Case.objects.update(**about)
    became(duty, "accepted")
    return duty


def became(duty, state, because=""):
    Message.objects.filter(pk=duty.pk).update(state=state, because=because, ended_at=NOW + 41 * HOUR)
    close_left(at=NOW + 41 * HOUR)


def cases():
    return [(it.state, it.note) for it in Case.objects.order_by("pk")]


def test_however_many_wait_each_turn_tells_of_some_and_reads_none_that_waits_on(monkeypatch):
    monkeypatch.setattr(jobs, "A_TURN", 2)
    for number in range(3):
        a_duty(subject=f"loan-{number}", number=number)

    assert [open_cases(at=NOW + 40 * HOUR) for _ in range(3)] == [2, 1, 0]

    with CaptureQueriesContext(connection) as asked:
        close_left(at=NOW + 40 * HOUR)
    assert len(asked) == 1


def test_a_duty_that_leaves_after_all_is_nobodys_work_any_more():
    told_late()

    assert cases() == [("closed", LEFT)]
    assert AuditRow.objects.filter(action="case_closed").count() == 1
    assert (open_cases(at=NOW + 42 * HOUR), close_left(at=NOW + 42 * HOUR)) == (0, 0)


def test_a_duty_that_left_after_all_and_comes_back_is_work_again():
    duty = told_late()
    became(duty, "rejected", "bad_address")

    assert open_cases(at=NOW + 42 * HOUR) == 1
    assert cases() == [("closed", LEFT), ("open", None)]


def test_whoever_has_begun_with_it_keeps_it_and_reads_what_became_of_it():
    duty = told_late(state="taken", owner="7")
    assert cases() == [("taken", LEFT)]

    became(duty, "rejected", "bad_address")

    assert open_cases(at=NOW + 42 * HOUR) == 0
    assert cases() == [("taken", CAME_BACK)]


def test_a_duty_that_rests_after_a_death_is_nobodys_work():
    duty = a_duty()
    open_cases(at=NOW + 40 * HOUR)

    became(duty, "suppressed", "bereavement")

    assert cases() == [("closed", "A death was told; everything rests.")]


def test_a_duty_that_does_not_leave_in_the_end_has_the_one_case():
    a_duty()
    open_cases(at=NOW + 40 * HOUR)

    turn(USE_BY, NO_LETTERS)

    assert cases() == [("open", None)]
