"""A strategy is published by one person and approved by another: just that content, once."""

from datetime import timedelta

import pytest

from tests.people import late
from tests.recording import recorded
from tests.staff import NOW, member, outsider
from tests.strategy.drafts import a_draft, a_quiet_one, agree, changed, live
from tideover.access.allowed import NotAllowed
from tideover.access.models import AuditRow, Request
from tideover.access.two_persons import NotOpen, SecondPersonNeeded
from tideover.engine.policy.content import ContentRefused
from tideover.strategy.models import Move, Release, Trial
from tideover.strategy.models.releases import MOVES
from tideover.strategy.publishing import (
    AlreadyLive,
    NotWaiting,
    RampRuns,
    SamePerson,
    Stale,
    WordsNeeded,
    approve,
    publish,
    refuse,
)
from tideover.strategy.releases import NotAsPublished, _setup, ensure_shipped, setup_of
from tideover.strategy.tried import NotTried

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA = tmp_path / "data"
    _setup.cache_clear()
    ensure_shipped(at=NOW - timedelta(days=30))


@pytest.fixture
def strategist():
    return member("strategist")


@pytest.fixture
def approver():
    return member("approver")


@pytest.fixture
def draft(tmp_path):
    return a_draft(tmp_path)


def states():
    return dict(Release.objects.values_list("name", "state"))


def test_one_publishes_another_approves_and_it_takes_its_first_share(draft, strategist, approver):
    waiting = publish(draft, by=strategist, at=NOW)
    assert (waiting.state, waiting.differs["changed"], waiting.cases > 100) == (
        "waiting",
        ["strategy.yaml"],
        True,
    )

    approved = agree(waiting, by=approver, at=LATER)

    assert states() == {"everyday": "live", "calmer": "ramping"}
    assert (approved.share, approved.before.name, approved.alone) == (1, "everyday", False)
    assert (approved.published_by, approved.approved_by) == (str(strategist.pk), str(approver.pk))
    assert list(AuditRow.objects.order_by("number").values_list("action", flat=True)) == [
        "request_asked", "release_asked", "request_approved", "request_used", "release_approved",
    ]  # fmt: skip


def test_two_people_may_say_the_whole_book_at_once(draft, strategist, approver):
    live(draft, by=strategist, second=approver, at=LATER)

    assert states() == {"everyday": "retired", "calmer": "live"}


def test_what_is_wrong_is_listed_with_file_and_line_and_nothing_is_asked(draft, strategist):
    cases = draft / "policies" / "first_slip.cases.yaml"
    cases.write_text(cases.read_text("utf-8").replace("do: leeway_note", "do: offer"), "utf-8")
    (draft / "policies" / "closing.cases.yaml").unlink()

    with pytest.raises(ContentRefused) as refused:
        publish(draft, by=strategist, at=NOW)

    said = str(refused.value).splitlines()
    assert any(line.startswith("calmer/policies/first_slip.cases.yaml:") for line in said)
    assert any("closing.cases.yaml:1: policy 'closing' has no cases" in line for line in said)
    assert (states(), Request.objects.count()) == ({"everyday": "live"}, 0)


def test_nobody_approves_their_own(draft, strategist):
    waiting = publish(draft, by=strategist, at=NOW)

    with pytest.raises(SamePerson):
        agree(waiting, by=strategist, at=LATER)

    assert states()["calmer"] == "waiting"


def test_only_those_who_may_publish_and_approve(draft, strategist):
    with pytest.raises(NotAllowed):
        publish(draft, by=outsider(), at=NOW)
    waiting = publish(draft, by=strategist, at=NOW)
    for who in (member("lead", "south"), member("admin")):
        with pytest.raises(NotAllowed):
            agree(waiting, by=who, at=LATER)
        with pytest.raises(NotAllowed):
            refuse(waiting, by=who, at=LATER, why="No")

    assert states()["calmer"] == "waiting"


def test_what_was_approved_is_what_decides_whatever_happens_to_the_folder(draft, strategist, approver):
    approved = live(draft, by=strategist, second=approver, at=LATER)
    changed(draft, says="Something else that nobody has agreed to.")

    assert setup_of(approved.hash).strategy.says.startswith("A draft of the everyday strategy")


def test_a_changed_folder_is_another_release_and_the_old_approval_is_not_its(draft, strategist, approver):
    first = publish(draft, by=strategist, at=NOW)
    second = publish(changed(draft, says="The same strategy with a third sentence."), by=strategist, at=NOW)
    agree(first, by=approver, at=LATER)

    second.refresh_from_db()
    assert (first.hash != second.hash, second.state) == (True, "waiting")


def test_files_added_beside_what_was_approved_stop_it(draft, strategist, approver, settings):
    approved = live(draft, by=strategist, second=approver, at=LATER)
    setup_of(approved.hash)
    _setup.cache_clear()
    (kept,) = (settings.DATA / "strategies" / approved.hash[:16]).iterdir()
    (kept / "policies" / "more.yaml").write_text(
        "says: Something nobody agreed to.\nsubject: person\n"
        "steps:\n  - {otherwise: silence, because: nothing_useful_to_say}\n"
    )

    with pytest.raises((NotAsPublished, ContentRefused)):
        setup_of(approved.hash)


def test_an_approval_is_of_what_it_was_compared_with(draft, tmp_path, strategist, approver):
    waiting = publish(draft, by=strategist, at=NOW)
    live(a_quiet_one(tmp_path), by=strategist, second=approver, at=NOW)

    with pytest.raises(Stale, match="Publish it again"):
        agree(waiting, by=approver, at=LATER)
    again = publish(draft, by=strategist, at=LATER)
    agree(again, by=approver, at=LATER)

    assert states() == {"everyday": "retired", "quiet": "live", "calmer": "ramping"}


def test_a_wish_lasts_a_week(draft, strategist, approver):
    waiting = publish(draft, by=strategist, at=NOW)
    later = NOW + timedelta(days=8)

    with pytest.raises(NotOpen, match="expired"):
        agree(waiting, by=approver, at=later)
    agree(publish(draft, by=strategist, at=later), by=approver, at=later)

    assert states()["calmer"] == "ramping"


def test_whoever_left_meanwhile_has_nothing_approved(draft, strategist, approver):
    waiting = publish(draft, by=strategist, at=NOW)
    strategist.is_active = False
    strategist.save()

    with pytest.raises(NotAllowed):
        agree(waiting, by=approver, at=LATER)

    assert states()["calmer"] == "waiting"


def test_a_lender_of_one_person_waits_a_night_and_it_is_marked(draft, strategist, settings):
    settings.ONE_PERSON = True
    waiting = publish(draft, by=strategist, at=NOW)

    with pytest.raises(SecondPersonNeeded, match="night"):
        agree(waiting, by=strategist, at=LATER)
    approved = agree(waiting, by=strategist, at=NOW + timedelta(hours=22))

    assert (approved.alone, approved.state) == (True, "ramping")


def test_no_is_said_with_a_reason_and_may_be_asked_again(draft, strategist, approver):
    waiting = publish(draft, by=strategist, at=NOW)
    with pytest.raises(WordsNeeded):
        refuse(waiting, by=approver, at=LATER, why=" ")

    refuse(waiting, by=approver, at=LATER, why="The first line promises too much.")

    assert (states()["calmer"], Move.objects.get(what="refused").why) == (
        "refused",
        "The first line promises too much.",
    )
    with pytest.raises(NotWaiting):
        agree(waiting, by=approver, at=LATER)
    assert publish(draft, by=strategist, at=LATER).state == "waiting"


def test_one_release_takes_its_share_at_a_time(draft, tmp_path, strategist, approver):
    first, second = (publish(folder, by=strategist, at=NOW) for folder in (draft, a_quiet_one(tmp_path)))
    agree(first, by=approver, at=LATER)

    with pytest.raises(RampRuns):
        agree(second, by=approver, at=LATER)


def test_what_is_live_is_not_published_again(draft, strategist, approver):
    live(draft, by=strategist, second=approver, at=LATER)

    with pytest.raises(AlreadyLive):
        publish(draft, by=strategist, at=LATER)


def test_asking_twice_asks_once(draft, strategist):
    for _ in range(2):
        publish(draft, by=strategist, at=NOW)

    assert (Request.objects.count(), Move.objects.filter(what="published").count()) == (1, 1)


def test_every_state_is_reached_and_none_is_a_dead_end():
    assert {"waiting"}.union(*MOVES.values()) == set(MOVES)
    assert all(MOVES.values())


def a_trial(release, state, **about):
    Trial.objects.filter(release=release).update(state=state, **about)


@pytest.fixture
def a_book():
    recorded(late("mary"), at=NOW)


@pytest.mark.parametrize("state", ["waiting", "running"])
def test_nobody_agrees_before_its_trial_is_done(a_book, draft, strategist, approver, state):
    waiting = publish(draft, by=strategist, at=NOW)
    a_trial(waiting, state)

    with pytest.raises(NotTried, match="agree once its trial is done"):
        approve(waiting, by=approver, at=LATER, why="It is urgent.")

    assert states()["calmer"] == "waiting"
    assert Request.objects.get().state(LATER) == "asked"


def test_a_trial_against_what_is_live_no_longer_is_none(a_book, draft, strategist, approver):
    waiting = publish(draft, by=strategist, at=NOW)
    a_trial(waiting, "done", against="another", found={"people": 1})

    with pytest.raises(NotTried):
        approve(waiting, by=approver, at=LATER)


def test_a_trial_that_is_done_needs_no_words(a_book, draft, strategist, approver):
    waiting = publish(draft, by=strategist, at=NOW)
    a_trial(waiting, "done", found={"people": 1})

    assert approve(waiting, by=approver, at=LATER).state == "ramping"
    assert AuditRow.objects.get(action="release_approved").detail == {"share": 1}


def test_where_its_trial_failed_it_goes_live_with_words_that_are_kept(a_book, draft, strategist, approver):
    waiting = publish(draft, by=strategist, at=NOW)
    a_trial(waiting, "failed")
    with pytest.raises(WordsNeeded, match="Its trial on your book failed"):
        approve(waiting, by=approver, at=LATER, why=" ")

    approve(waiting, by=approver, at=LATER, why="Its numbers were counted by hand. ")

    assert Move.objects.get(what="approved").why == "Its numbers were counted by hand."
    told = AuditRow.objects.get(action="release_approved").detail
    assert told == {"share": 1, "untried": "trial_failed"}


def test_on_a_first_day_nobody_is_in_the_book_and_that_is_said(draft, strategist, approver):
    waiting = publish(draft, by=strategist, at=NOW)
    with pytest.raises(WordsNeeded, match="nobody in your book"):
        approve(waiting, by=approver, at=LATER)

    approve(waiting, by=approver, at=LATER, why="We begin tomorrow.")

    assert AuditRow.objects.get(action="release_approved").detail["untried"] == "empty_book"
