"""What a published strategy would do is counted on the lender's own book before anybody agrees to it."""

import json
from datetime import timedelta

import pytest

from tests.people import AT, fresh_payments, late, reliable, together
from tests.recording import recorded
from tests.staff import NOW, member
from tests.strategy.drafts import a_quiet_one, live
from tideover.strategy.jobs import decide_what_is_new
from tideover.strategy.leases import MIRROR, leased
from tideover.strategy.models import Decision, Run, Trial
from tideover.strategy.publishing import publish
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.trials import LASTS, MOST_TRIES, try_what_waits

pytestmark = pytest.mark.django_db
LATE = [f"late-{number}" for number in range(6)]


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA = tmp_path / "data"


@pytest.fixture
def published(tmp_path):
    """A release that leaves everybody in peace, published against the shipped one, on a book of seven."""
    recorded(together(*map(late, LATE)), reliable("reliable"), fresh_payments(AT + 86_400 * 9), at=NOW)
    ensure_shipped(at=NOW)
    return publish(a_quiet_one(tmp_path), by=member("strategist"), at=NOW)


def test_the_last_days_are_decided_by_both_and_compared_in_people(published, settings):
    done = try_what_waits(by="w", at=NOW)

    trial = Trial.objects.get(release=published)
    found = trial.found
    assert (done, trial.state, found["people"], found["of"]) == (1, "done", 7, 7)
    assert found["days"] == ["2026-11-23", "2026-11-24", "2026-11-25"]
    assert found["treatments"]["new"] == {"contact": 0, "human": 0, "wait": 0, "none": 7}
    assert sum(found["treatments"]["live"].values()) == 7
    spoken_to = found["treatments"]["live"]["contact"] + found["treatments"]["live"]["human"]
    assert (found["newly_left"], found["newly_spoken_to"]) == (spoken_to, 0)
    assert spoken_to > 0
    assert sum(found["purposes"]["live"].values()) >= spoken_to
    assert any(it["was"].startswith("written to: ") for it in found["changes"])
    assert {it["now"] for it in found["changes"]} == {"left in peace: Nothing useful to say today."}


def test_it_names_no_person_and_leaves_no_file(published, settings):
    try_what_waits(by="w", at=NOW)

    told = json.dumps(list(Trial.objects.values("found", "progress")))
    assert not any(name in told for name in (*LATE, "reliable"))
    assert list((settings.DATA / "trials").iterdir()) == []


def test_it_sends_and_hands_on_nothing(published):
    try_what_waits(by="w", at=NOW)

    assert (Decision.objects.count(), Run.objects.count()) == (0, 0)


def test_a_first_strategy_is_told_alone(tmp_path):
    recorded(late("late"), fresh_payments(AT + 86_400 * 9), at=NOW)
    first = publish(a_quiet_one(tmp_path), by=member("strategist"), at=NOW)

    try_what_waits(by="w", at=NOW)

    found = Trial.objects.get(release=first).found
    assert (set(found["treatments"]), found["newly_spoken_to"]) == ({"new"}, None)


def test_what_was_published_again_against_another_is_tried_again(published, tmp_path):
    try_what_waits(by="w", at=NOW)
    strategist = member("strategist", name="another")
    other = a_quiet_one(tmp_path, name="other", says="Another one that leaves everybody in peace.")
    live(other, by=strategist, second=member("approver"), at=NOW)

    publish(tmp_path / "quiet", by=strategist, at=NOW)

    trial = Trial.objects.get(release=published)
    assert (trial.state, trial.found) == ("waiting", {})


def test_a_book_of_nobody_is_said_and_tried_no_more_than_thrice(tmp_path):
    empty = publish(a_quiet_one(tmp_path), by=member("strategist"), at=NOW)

    done = sum(try_what_waits(by="w", at=NOW) for _ in range(MOST_TRIES + 2))

    trial = Trial.objects.get(release=empty)
    assert trial.state == "failed"
    assert trial.progress
    assert done <= MOST_TRIES


def test_a_trial_whose_worker_died_is_taken_up_again(published):
    Trial.objects.filter(release=published).update(state="running", at=int(NOW.timestamp()))

    assert try_what_waits(by="w", at=NOW + timedelta(minutes=1)) == 0
    assert try_what_waits(by="w", at=NOW + LASTS + timedelta(minutes=1)) == 1


def test_a_night_and_a_trial_do_not_meet(published):
    leased(MIRROR, by="another", at=NOW, lasts=timedelta(minutes=5))

    assert try_what_waits(by="w", at=NOW) == 0
    decide_what_is_new(by="w", at=NOW)
    assert not Run.objects.filter(kind="nightly").exists()

    later = NOW + timedelta(minutes=6)
    decide_what_is_new(by="w", at=later)
    assert try_what_waits(by="w", at=later) == 1
