"""The ramp: 1, then 10, then all; everything that speaks to a person asks for the release that is hers."""

from datetime import timedelta

import polars as pl
import pytest

from tests.people import AT, fresh_payments, late, together
from tests.recording import recorded
from tests.staff import NOW, member
from tests.strategy.drafts import a_draft, a_quiet_one, agree, live
from tideover.access.allowed import NotAllowed
from tideover.access.models import AuditRow
from tideover.book.actions import record
from tideover.delivery.guards import guard
from tideover.delivery.models import Message
from tideover.delivery.taking import take
from tideover.engine.facts.written import written_rows
from tideover.strategy.gate import consider
from tideover.strategy.jobs import decide_what_is_new, run_nightly_if_due
from tideover.strategy.models import Decision, Move, Release, Run
from tideover.strategy.publishing import NotWaiting, SamePerson, ask_for_whole, publish
from tideover.strategy.ramp import NotInForce, NotRamping, hold, let_go, move_on, take_back
from tideover.strategy.releases import NothingLive, ensure_shipped
from tideover.strategy.runs import run_nightly
from tideover.strategy.shares import setup_for, setups_for
from tideover.strategy.stops import lift, press
from tideover.strategy.telling import told_now

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
PEOPLE = [f"late-{number}" for number in range(40)]
SOME = 10
"""Percent at which some of these people are in the share and some are not."""


@pytest.fixture(autouse=True)
def data(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path / "data"
    monkeypatch.setattr("tideover.strategy.runs.now", lambda: NOW)


@pytest.fixture
def staff():
    return {role: member(role) for role in ("strategist", "approver", "lead", "agent")}


@pytest.fixture
def shipped():
    return ensure_shipped(at=NOW - A_DAY * 30)


@pytest.fixture
def quiet(tmp_path, staff, shipped):
    """A release that leaves everybody in peace, for its first share of people."""
    waiting = publish(a_quiet_one(tmp_path), by=staff["strategist"], at=NOW - A_DAY)
    return agree(waiting, by=staff["approver"], at=NOW - A_DAY)


def at_share(release, share):
    Release.objects.filter(pk=release.pk).update(share=share, share_since=int(NOW.timestamp()))
    release.refresh_from_db()
    return release


def a_book():
    recorded(together(*map(late, PEOPLE)), fresh_payments(AT + 86_400 * 9), at=NOW - A_DAY * 2)


def people_of(release):
    found = {setup.strategy.hash: people for setup, people in setups_for(PEOPLE)}
    return set(found.get(release.pk, ()))


# --- step by step


def test_it_moves_on_a_day_a_step_and_then_the_old_one_retires(quiet, shipped):
    moments = [NOW - A_DAY + timedelta(hours=hours) for hours in (5, 22, 30, 46, 60)]

    shares = [(move_on(at=at), Release.objects.get(pk=quiet.pk).share)[1] for at in moments]

    assert shares == [1, 10, 10, 100, 100]
    quiet.refresh_from_db()
    shipped.refresh_from_db()
    assert (quiet.state, shipped.state, quiet.before_id) == ("live", "retired", shipped.pk)
    assert list(Move.objects.filter(release=quiet, what="share").values_list("share", flat=True)) == [
        1,
        10,
        100,
    ]


def test_the_nightly_job_moves_it(quiet):
    a_book()

    run_nightly_if_due(by="w", at=NOW)
    run_nightly_if_due(by="w", at=NOW + timedelta(hours=1))

    quiet.refresh_from_db()
    assert quiet.share == 10


def test_a_stop_keeps_it_where_it_is_until_a_quiet_day_has_passed(quiet):
    press(scope="purpose:gentle_reminder", by="volume brake", at=NOW)
    assert move_on(at=NOW + A_DAY * 3) is None

    lift(scope="purpose:gentle_reminder", by="lead", at=NOW + A_DAY * 3)
    assert move_on(at=NOW + A_DAY * 3 + timedelta(hours=1)) is None
    assert move_on(at=NOW + A_DAY * 4) is not None


def test_one_person_holds_it_and_who_may_publish_lets_it_go_on(quiet, staff):
    hold(quiet, by=staff["lead"], at=NOW, why="Calls have doubled.")
    assert move_on(at=NOW + A_DAY) is None
    with pytest.raises(NotAllowed):
        let_go(quiet, by=staff["agent"], at=NOW + A_DAY)

    let_go(quiet, by=staff["strategist"], at=NOW + A_DAY)

    assert move_on(at=NOW + A_DAY) is None
    assert move_on(at=NOW + A_DAY * 2) is not None


def test_two_people_let_it_go_on_to_everybody_at_once(quiet, staff):
    asked = ask_for_whole(quiet, by=staff["strategist"], at=NOW)
    with pytest.raises(SamePerson):
        agree(asked, by=staff["strategist"], at=NOW)

    agree(asked, by=staff["approver"], at=NOW)

    quiet.refresh_from_db()
    assert (quiet.state, quiet.share) == ("live", 100)
    with pytest.raises(NotWaiting):
        ask_for_whole(quiet, by=staff["strategist"], at=NOW)


# --- back


def test_one_person_takes_it_back_at_once_from_its_share_or_from_the_whole(quiet, shipped, staff, tmp_path):
    take_back(quiet, by=staff["lead"], at=NOW, why="It is too quiet.")
    assert people_of(shipped) == set(PEOPLE)

    again = live(tmp_path / "quiet", by=staff["strategist"], second=staff["approver"], at=NOW)
    assert people_of(again) == set(PEOPLE)
    take_back(again, by=staff["lead"], at=NOW)

    assert people_of(shipped) == set(PEOPLE)
    with pytest.raises(NotInForce):
        take_back(again, by=staff["lead"], at=NOW)
    assert AuditRow.objects.filter(action="release_taken_back").count() == 2


def test_who_answers_people_takes_nothing_back(quiet, staff):
    for act in (take_back, hold):
        with pytest.raises(NotAllowed):
            act(quiet, by=staff["agent"], at=NOW)


def test_nothing_comes_back_by_an_update_after_it_was_taken_back(shipped, staff):
    take_back(shipped, by=staff["lead"], at=NOW)

    assert ensure_shipped(at=NOW).state == "taken_back"
    with pytest.raises(NothingLive):
        setups_for(PEOPLE)


def test_what_decides_for_all_is_neither_held_nor_let_go(shipped, staff):
    with pytest.raises(NotRamping):
        hold(shipped, by=staff["lead"], at=NOW)


# --- one release a person, for everything that speaks to them


def test_everybody_has_exactly_one_release_at_every_share(quiet, shipped):
    for share in (1, SOME, 50, 99):
        at_share(quiet, share)
        mine, rest = people_of(quiet), people_of(shipped)
        assert mine | rest == set(PEOPLE)
        assert not mine & rest
        assert all((setup_for(it).strategy.hash == quiet.pk) == (it in mine) for it in PEOPLE)


def test_where_nothing_was_live_the_rest_are_left_in_peace(tmp_path, staff):
    a_book()
    waiting = publish(a_draft(tmp_path), by=staff["strategist"], at=NOW - A_DAY)
    first = at_share(agree(waiting, by=staff["approver"], at=NOW - A_DAY), SOME)
    mine = people_of(first)
    stranger = next(it for it in PEOPLE if it not in mine)

    run = run_nightly(at=NOW)

    assert 0 < run.people == len(mine) < len(PEOPLE)
    assert set(Decision.objects.values_list("person_id", flat=True)) <= mine
    for ask in (setup_for, lambda it: told_now(it, NOW)):
        with pytest.raises(NothingLive):
            ask(stranger)


def test_the_night_takes_each_persons_rows_from_hers(quiet, shipped):
    a_book()
    at_share(quiet, SOME)
    mine = people_of(quiet)

    run = run_nightly(at=NOW)

    rows = written_rows(_folder(run) / "decisions").select("borrower_id", "strategy_hash").collect()
    assert dict(rows.iter_rows()) == {it: quiet.pk if it in mine else shipped.pk for it in PEOPLE}
    spoken_to = set(Decision.objects.values_list("person_id", flat=True))
    assert spoken_to
    assert not spoken_to & mine
    assert run.people == len(PEOPLE)
    topics = written_rows(_folder(run) / "topics").collect()["decision_id"]
    assert set(topics) <= set(written_rows(_folder(run) / "decisions").collect()["decision_id"])
    assert [it.name for it in _folder(run).parent.iterdir()] == [_folder(run).name]


def test_a_night_of_one_release_is_the_same_as_before_and_after_its_ramp(quiet, shipped, staff):
    a_book()
    at_share(quiet, SOME)
    joined = _told(run_nightly(at=NOW, shadow=True))
    mine = people_of(quiet)

    take_back(quiet, by=staff["lead"], at=NOW)
    alone = _told(run_nightly(at=NOW + timedelta(seconds=1), shadow=True))

    rest = {it: row for it, row in alone.items() if it not in mine}
    assert {it: joined[it] for it in rest} == rest


def _folder(run):
    from pathlib import Path

    return Path(run.folder)


def _told(run):
    rows = written_rows(_folder(run) / "decisions")
    return {
        row[0]: row[1:]
        for row in rows.select("borrower_id", "treatment", "purpose", "reasons").collect().iter_rows()
    }


def test_events_the_gate_and_what_is_told_go_by_the_person(quiet, shipped):
    a_book()
    at_share(quiet, SOME)
    mine = min(people_of(quiet))
    other = min(people_of(shipped))
    decide_what_is_new(by="w", at=NOW)
    for it in (mine, other):
        row = {"hold_id": it, "person_id": it, "kind": "dispute", "from_at": NOW, "until_at": NOW}
        record("holds", [row], source="desk", at=NOW + timedelta(minutes=1))

    decide_what_is_new(by="w", at=NOW + timedelta(minutes=2))

    (file,) = _folder(Run.objects.get(kind="event")).glob("*.parquet")
    decided = dict(pl.read_parquet(file).select("borrower_id", "strategy_hash").iter_rows())
    assert decided == {mine: quiet.pk, other: shipped.pk}
    told = {it: told_now(it, NOW).row["strategy_hash"] for it in (mine, other)}
    assert told == {mine: quiet.pk, other: shipped.pk}
    considered = {
        it: consider(person_id=it, occasion="reply", at=NOW, values={"answer": "x"}) for it in (mine, other)
    }
    assert {it: found.decision.strategy_hash for it, found in considered.items()} == decided


def test_what_waits_is_guarded_by_the_release_that_is_hers_now(quiet, shipped, staff, tmp_path):
    a_book()
    at_share(quiet, 1)
    run_nightly(at=NOW)
    take(at=NOW)
    waiting = list(Message.objects.filter(state="queued"))
    at_share(quiet, 50)
    mine = people_of(quiet)

    verdicts = guard(waiting, at=NOW).verdicts

    stopped = {it.message.person_id for it in verdicts if it.because == "no_longer_useful"}
    asked = {it.message.person_id for it in verdicts}
    assert stopped == asked & mine
    assert asked - mine


def test_a_claim_under_two_releases_is_judged_as_under_each_alone(quiet, shipped, staff):
    a_book()
    run_nightly(at=NOW)
    take(at=NOW)
    waiting = list(Message.objects.filter(state="queued"))
    at_share(quiet, 50)
    mixed = {it.message.pk: (it.may_leave, it.because, it.later) for it in guard(waiting, at=NOW).verdicts}
    mine = people_of(quiet)
    take_back(quiet, by=staff["lead"], at=NOW)

    alone = {it.message.pk: (it.may_leave, it.because, it.later) for it in guard(waiting, at=NOW).verdicts}

    others = [it.pk for it in waiting if it.person_id not in mine]
    assert {it: mixed[it] for it in others} == {it: alone[it] for it in others}


def test_what_waits_for_somebody_whom_no_release_takes_does_not_leave(shipped, staff, tmp_path):
    a_book()
    run_nightly(at=NOW)
    take(at=NOW)
    take_back(shipped, by=staff["lead"], at=NOW)
    first = agree(publish(a_draft(tmp_path), by=staff["strategist"], at=NOW), by=staff["approver"], at=NOW)
    waiting = list(Message.objects.filter(state="queued"))
    mine = people_of(at_share(first, 50))

    verdicts = {it.message.person_id: it.because for it in guard(waiting, at=NOW).verdicts}

    assert {it for it, because in verdicts.items() if because == "no_release"} == set(verdicts) - mine
    assert set(verdicts) & mine
