"""A worker's turn: what somebody in danger wrote has its case before anything long begins."""

import threading
from datetime import timedelta
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from tests.cli.test_serve import until
from tests.people import AT, fresh_payments, late, row
from tests.recording import recorded
from tests.staff import NOW, member
from tests.web.scene import a_message, clock_at
from tideover.cli._beside import Beside
from tideover.cli._steps import SKIPPED, Steps
from tideover.cli._turns import keep_turning, lanes_of, turn
from tideover.delivery.models import Answer
from tideover.strategy.jobs import decide_the_night
from tideover.strategy.models import Decision, Run
from tideover.strategy.releases import ensure_shipped
from tideover.support.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def bad_night(settings, tmp_path):
    """A lender whose night cannot be decided: where the mirror should be, something else is in the way."""
    clock_at(settings, tmp_path)
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    (settings.DATA / "mirror").write_text("no folder, so no night can be decided")
    recorded(late("mary"), fresh_payments(AT + 86_400))
    ensure_shipped(at=NOW)


def test_somebody_in_danger_has_a_case_and_a_colleague_though_the_night_cannot_be_decided(bad_night):
    agent = member("agent", "north")
    Answer.objects.create(
        person_id="mary", channel="sms", kind="unclear", certain=False, danger=True, text="I cannot go on", at=NOW,
        outside_id="m-1",
    )  # fmt: skip

    with lanes_of({}) as lanes, pytest.raises(NotADirectoryError):
        turn(lanes, at=NOW)

    assert not Decision.objects.exists()
    case = Case.objects.get()
    assert (case.kind, case.person_id, case.owner) == ("danger", "mary", str(agent.pk))


@pytest.mark.django_db(transaction=True)
def test_what_is_decided_already_leaves_though_the_night_cannot_be_decided(bad_night, settings):
    settings.DEMO = True
    message = a_message("mary", number=1)

    with capture_logs() as said, pytest.raises(NotADirectoryError):
        keep_turning(once=True)

    message.refresh_from_db()
    assert message.state != "queued"
    (failed,) = [it for it in said if it["event"] == "step_failed"]
    assert (failed["step"], failed["error"]) == ("night", "NotADirectoryError")
    assert failed["where"].startswith("book/")


@pytest.mark.django_db(transaction=True)
def test_a_worker_goes_on_after_a_night_that_cannot_be_decided(bad_night):
    turns = iter([True, True, True, False])

    with capture_logs() as said:
        keep_turning(going=lambda: next(turns))

    assert [it["step"] for it in said if it["event"] == "step_failed"] == ["night"]


PAID = {"payments": [row("payments", payment_id="p", loan_id="mary-loan-1", amount=5, paid_at=AT)]}


def test_a_payment_still_changes_what_is_decided_though_the_night_cannot_be(bad_night):
    hashes = dict.fromkeys(("strategy_hash", "rules_hash", "tables_hash", "content_hash"), "")
    last_night = NOW - timedelta(days=1)
    Run.objects.create(kind="nightly", at=last_night, started_at=last_night, people=1, **hashes)
    recorded(PAID, at=NOW)

    with lanes_of({}) as lanes, pytest.raises(NotADirectoryError):
        turn(lanes, at=NOW)

    assert set(Run.objects.values_list("kind", flat=True)) == {"nightly", "event"}


def test_while_no_night_ever_went_through_a_book_is_no_event(bad_night):
    recorded(PAID, at=NOW)

    with lanes_of({}) as lanes, pytest.raises(NotADirectoryError):
        turn(lanes, at=NOW)

    assert not Run.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_night_that_can_be_decided_again_is_decided_and_said_to_be_well(bad_night, settings, client):
    with pytest.raises(NotADirectoryError):
        keep_turning(once=True)
    assert 'tideover_step_failing{step="night"} 1.0' in client.get("/metrics").content.decode()

    (settings.DATA / "mirror").unlink()
    steps, now = Steps(lambda: 1_000), NOW + timedelta(minutes=1)
    steps.failed["night"] = OSError()
    steps.take("night", lambda: decide_the_night(by="w", at=now), at=now)

    assert Run.objects.get().people == 1
    assert "tideover_step_failing{" not in client.get("/metrics").content.decode()


def test_a_step_that_fails_rests_longer_each_time_and_gives_the_others_most_of_the_time():
    moment, tried = [0.0], []

    def fails():
        tried.append(moment[0])
        moment[0] += 9 if len(tried) == 9 else 0
        raise ValueError("words that somebody wrote")

    steps = Steps(lambda: moment[0])
    with capture_logs() as said:
        while moment[0] < 600:
            assert steps.take("night", fails, at=NOW) == 0
            assert steps.take("answers", lambda: 3, at=NOW) == 3
            moment[0] += 1

    waits = [later - earlier for earlier, later in pairwise(tried)]
    assert waits[:7] == [2, 4, 8, 16, 32, 60, 60]
    assert waits[8] >= 90
    assert "somebody wrote" not in str(said)


@pytest.mark.django_db(transaction=True)
def test_a_turn_does_not_wait_for_those_who_are_told():
    begun, may_end = threading.Event(), threading.Event()

    def tells(at):
        begun.set()
        assert may_end.wait(30)
        return 7

    with Beside(tells, is_needed=lambda: True) as beside:
        assert beside(NOW) == 0
        assert begun.wait(30)
        assert beside(NOW) == 0
        may_end.set()
        assert until(lambda: beside(NOW)) == 7


def test_what_failed_beside_a_turn_is_raised_in_one():
    def fails(at):
        raise ValueError("a receiver")

    with Beside(fails, is_needed=lambda: True) as beside, pytest.raises(ValueError, match="a receiver"):
        until(lambda: beside(NOW))


def test_nobody_who_wants_to_be_told_costs_no_thread():
    def never(at):
        raise AssertionError

    with Beside(never, is_needed=lambda: False) as beside:
        assert [beside(NOW), beside(NOW)] == [0, 0]


def test_a_step_that_fails_for_days_ends_no_worker_and_what_is_skipped_is_not_well():
    moment = iter(range(0, 10**9, 10_000))
    steps = Steps(clock=lambda: float(next(moment)))

    def fails():
        raise ValueError

    for _ in range(1_200):
        assert steps.take("night", fails, at=NOW) == 0
    assert steps.take("night", lambda: SKIPPED, at=NOW) == 0
    assert "night" in steps.failed
    assert steps.take("night", lambda: 3, at=NOW) == 3
    assert not steps.failed
