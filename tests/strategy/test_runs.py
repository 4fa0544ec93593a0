"""Runs: everybody at night, whoever an event touched by day, and nothing lost on the way to delivery."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from tests.people import AT, fresh_payments, late, reliable
from tests.recording import recorded
from tideover.book.actions import record
from tideover.book.models import FACTS, Import
from tideover.delivery import outbox
from tideover.delivery.models import Message
from tideover.delivery.taking import take
from tideover.repayment.promises import promise_to_pay
from tideover.strategy import jobs, runs
from tideover.strategy.day import last_night
from tideover.strategy.events import begin_here, note_changes
from tideover.strategy.jobs import MOST_AGAIN, decide_what_is_new
from tideover.strategy.models import Changed, Decision, Run
from tideover.strategy.nightly import night_after
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.runs import run_events, run_nightly
from tideover.strategy.telling import told_now

NOW = datetime.fromtimestamp(AT, UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setattr("tideover.strategy.runs.now", lambda: NOW)


def test_everybody_is_decided_at_night_silence_included():
    recorded(late("late"), reliable("reliable"), fresh_payments(), at=NOW)
    ensure_shipped(at=NOW)

    run = run_nightly(at=NOW)

    assert run.people == sum(run.counts.values()) == 2


def test_a_duty_that_no_channel_can_carry_goes_to_a_person():
    owed = late("owed", days_late=40, country="LV", zone="Europe/Riga")
    owed["contact_points"] = []
    recorded(owed, fresh_payments(), at=NOW)
    ensure_shipped(at=NOW)

    run_nightly(at=NOW)

    duty = Decision.objects.get(person_id="owed")
    assert (duty.treatment, duty.channel, duty.send_at) == ("human", "call", NOW)


def test_a_shadow_run_hands_nothing_on():
    recorded(late("late"), fresh_payments(), at=NOW)
    ensure_shipped(at=NOW)

    run = run_nightly(at=NOW, shadow=True)

    assert (run.kind, Decision.objects.count()) == ("shadow", 0)


def test_whoever_an_event_touched_is_decided_again_within_the_turn_and_nobody_else():
    recorded(late("late"), reliable("reliable"), fresh_payments(), at=NOW)
    ensure_shipped(at=NOW)
    decide_what_is_new(by="w", at=NOW)

    row = {"payment_id": "p", "loan_id": "late-loan-1", "amount": 10_000, "paid_at": NOW}
    record("payments", [row], source="bank", at=NOW + timedelta(minutes=1))
    decide_what_is_new(by="w", at=NOW + timedelta(minutes=2))

    assert list(Run.objects.order_by("pk").values_list("kind", "people")) == [("nightly", 2), ("event", 1)]
    assert Changed.objects.count() == 0


def test_the_night_is_decided_once_however_many_workers_there_are():
    recorded(late("late"), fresh_payments(), at=NOW)
    ensure_shipped(at=NOW)

    for worker in ("one", "two"):
        decide_what_is_new(by=worker, at=NOW)

    assert Run.objects.filter(kind="nightly").count() == 1


@pytest.mark.parametrize("ahead", [timedelta(days=30), timedelta(days=1), timedelta(hours=20)], ids=str)
def test_a_night_that_ran_by_a_clock_that_was_ahead_stands_neither_for_tonight_nor_for_its_own(ahead):
    recorded(late("late"), fresh_payments(), at=NOW)
    ensure_shipped(at=NOW)
    assert decide_what_is_new(by="one", at=NOW + ahead) > 0

    nights = [NOW, night_after(NOW), night_after(NOW) + timedelta(days=1)]
    for night in nights:
        for worker in ("two", "three"):
            decide_what_is_new(by=worker, at=night)

    assert list(Run.nights.order_by("pk").values_list("at", flat=True)) == nights
    assert last_night().at == nights[-1]


def test_two_workers_whose_clocks_go_on_to_differ_by_hours_do_not_decide_the_night_for_ever():
    recorded(late("late"), fresh_payments(), at=NOW)
    ensure_shipped(at=NOW)

    decide_what_is_new(by="slow", at=NOW)

    for turn in range(20):
        right = night_after(NOW) + timedelta(hours=1, seconds=turn)
        decide_what_is_new(by="right", at=right)
        decide_what_is_new(by="slow", at=right - timedelta(hours=2))

    assert Run.nights.count() == 2
    assert Run.objects.filter(kind="nightly").count() == 2 + MOST_AGAIN


def test_a_worker_whose_clock_is_seconds_behind_another_does_not_decide_the_night_again():
    recorded(late("late"), fresh_payments(), at=NOW)
    ensure_shipped(at=NOW)

    assert decide_what_is_new(by="one", at=NOW + timedelta(seconds=40)) > 0
    assert decide_what_is_new(by="two", at=NOW) == 0


def test_a_worker_of_an_empty_book_waits_for_somebody_to_come():
    ensure_shipped(at=NOW)

    assert decide_what_is_new(by="w", at=NOW) == 0

    recorded(late("late"), fresh_payments(), at=NOW)
    assert decide_what_is_new(by="w", at=NOW) == 1


def test_a_book_that_is_known_only_from_an_hour_ahead_waits_for_it():
    ensure_shipped(at=NOW)
    recorded(late("late"), fresh_payments())
    FACTS["borrowers"].objects.update(recorded_at=NOW + timedelta(hours=1))

    assert decide_what_is_new(by="w", at=NOW) == 0
    assert decide_what_is_new(by="w", at=NOW + timedelta(hours=1)) == 1


def test_what_a_source_assumed_is_marked_by_day_as_by_night():
    recorded(late("late"), reliable("reliable"), fresh_payments(), at=NOW)
    Import.objects.create(source="old system", content_hash="", at=NOW, assumes=["consent"])
    ensure_shipped(at=NOW)
    by_night = reasons_in(run_nightly(at=NOW), "decisions/*.parquet")

    Changed.objects.create(person_id="late", why="payments", at=NOW)
    by_day = reasons_in(run_events(at=NOW + timedelta(minutes=1)), "*.parquet")

    assert "assumed_consent" in by_night & by_day
    assert "assumed_consent" in told_now("late", NOW).codes("reasons")


def reasons_in(run, files):
    """Why `late` was spoken to or left in peace, by the run's own files."""
    rows = pl.read_parquet(Path(run.folder) / files).filter(borrower_id="late")
    return set(rows["reasons"].item().split(","))


NIGHT = NOW.replace(hour=3)


@pytest.mark.parametrize(
    "zone", ["America/New_York", "America/Los_Angeles", "Pacific/Honolulu", "Europe/London", "Asia/Dhaka"]
)
def test_wherever_people_live_the_night_finds_their_day(zone):
    everybody = [late(f"late-{n}", country="US", zone=zone) for n in range(40)]
    recorded(*everybody, fresh_payments(AT + 86_400), at=NOW - timedelta(days=1))
    ensure_shipped(at=NOW - timedelta(days=1))

    run_nightly(at=NIGHT)

    said = Decision.objects.filter(treatment="contact")
    assert said.count() > 4  # others wait for a better day
    assert all(it.send_at < NIGHT + timedelta(days=1) for it in said)


def test_a_row_that_was_numbered_early_and_committed_late_is_an_event_all_the_same():
    recorded(late("ana"), late("ben"), fresh_payments(), at=NOW)
    begin_here(at=NOW)
    early = record("holds", [a_hold("ana")], source="a", at=NOW)[0]
    number = early.pk
    early.delete()  # as if its transaction were still open
    record("holds", [a_hold("ben")], source="a", at=NOW)
    note_changes(at=NOW)
    assert set(Changed.objects.values_list("person_id", flat=True)) == {"ben"}

    type(early).objects.create(pk=number, **a_hold("ana"), recorded_at=NOW)
    note_changes(at=NOW)

    assert set(Changed.objects.values_list("person_id", flat=True)) == {"ana", "ben"}
    assert note_changes(at=NOW) == 0


def a_hold(person):
    return {"hold_id": f"hold-{person}", "person_id": person, "kind": "hardship", "from_at": NOW}


def a_promise(at):
    chosen = {"person_id": "late", "amount": 5_000, "on": (at + timedelta(days=4)).date(), "origin": "self"}
    return {"promise_id": "p1", "loan_id": "late-loan-1", "made_at": at, **chosen}


def what_was_said():
    return set(Decision.objects.values_list("person_id", "purpose"))


@pytest.mark.parametrize("step", ["decide_everybody", "move_on"], ids=["decided", "begun"])
def test_what_somebody_tells_us_while_the_night_is_decided_is_answered_in_the_next_turn(step, monkeypatch):
    recorded(late("late"), fresh_payments(AT + 86_400), at=NOW - timedelta(days=1))
    ensure_shipped(at=NOW - timedelta(days=1))
    meanwhile = NOW + timedelta(minutes=4)
    during(monkeypatch, step, lambda: record("promises", [a_promise(meanwhile)], source="x", at=meanwhile))

    decide_what_is_new(by="w", at=NOW)
    assert ("late", "promise_confirmed") not in what_was_said()
    decide_what_is_new(by="w", at=meanwhile + timedelta(minutes=1))

    assert ("late", "promise_confirmed") in what_was_said()
    assert Changed.objects.count() == 0


def test_what_is_told_within_the_second_after_a_turn_began_is_answered_in_the_next_one():
    recorded(late("late"), fresh_payments(AT + 86_400), at=NOW)
    ensure_shipped(at=NOW)
    decide_what_is_new(by="w", at=NOW)
    turn = NOW + timedelta(minutes=5)
    record("promises", [a_promise(turn)], source="x", at=turn + timedelta(seconds=1))

    decide_what_is_new(by="w", at=turn)
    decide_what_is_new(by="w", at=turn + timedelta(seconds=2))

    assert ("late", "promise_confirmed") in what_was_said()


def test_whoever_changes_again_in_the_second_in_which_she_is_decided_stays_in_line(monkeypatch):
    recorded(late("late"), fresh_payments(AT + 86_400), at=NOW)
    ensure_shipped(at=NOW)
    decide_what_is_new(by="w", at=NOW)
    turn = NOW + timedelta(minutes=5)
    row = {"payment_id": "p", "loan_id": "late-loan-1", "amount": 1_000, "paid_at": NOW}
    record("payments", [row], source="bank", at=turn)

    def another_worker_notes_her_promise():
        record("promises", [a_promise(turn)], source="x", at=turn)
        note_changes(at=turn)

    during(monkeypatch, "_decided", another_worker_notes_her_promise)
    decide_what_is_new(by="w", at=turn)
    decide_what_is_new(by="w", at=turn + timedelta(seconds=2))

    assert ("late", "promise_confirmed") in what_was_said()


def test_a_change_told_by_a_clock_that_was_ahead_waits_no_month():
    recorded(late("late"), reliable("reliable"), fresh_payments(), at=NOW)
    ensure_shipped(at=NOW)
    decide_what_is_new(by="w", at=NOW)
    record("holds", [a_hold("late")], source="x", at=NOW + timedelta(days=30))
    record("holds", [a_hold("reliable")], source="x", at=NOW)

    note_changes(at=NOW + timedelta(minutes=1))

    assert run_events(at=NOW + timedelta(minutes=1)).people == 1
    assert run_events(at=NOW + timedelta(hours=3)).people == 1


def test_whoever_changes_a_day_within_the_hour_hears_of_the_new_one():
    recorded(late("late"), fresh_payments(AT + 86_400), at=NOW - timedelta(days=1))
    ensure_shipped(at=NOW - timedelta(days=1))
    decide_what_is_new(by="w", at=NOW - timedelta(minutes=30))
    Decision.objects.all().delete()

    for hours, days in enumerate((3, 6)):
        at = NOW + timedelta(hours=hours)
        promise_to_pay(
            person_id="late",
            loan_ids=["late-loan-1"],
            on=(at + timedelta(days=days)).date(),
            origin="self",
            at=at,
        )
        decide_what_is_new(by="w", at=at + timedelta(minutes=1))
        decide_what_is_new(by="w", at=at + timedelta(minutes=3))
        assert Decision.objects.filter(purpose="promise_confirmed").count() == hours + 1
        take(at=at + timedelta(minutes=4))
        outbox.settle(Message.objects.latest("pk"), "accepted", at=at + timedelta(minutes=5))


def during(monkeypatch, step, happens):
    """Once that step of a run is done, something happens, as in another process."""
    place = jobs if hasattr(jobs, step) else runs
    real = getattr(place, step)

    def slow(*given, **named):
        made = real(*given, **named)
        happens()
        monkeypatch.setattr(place, step, real)
        return made

    monkeypatch.setattr(place, step, slow)
