"""A death is told once, by anybody: everything stops, nobody learns whom we know, and one letter is written by a person's press."""

from datetime import timedelta

import pytest

from tests.recording import NOW
from tests.staff import member
from tests.support.voice.scene import a_customer, holds_of
from tests.web.scene import a_message
from tideover.access.allowed import NotAllowed
from tideover.book.actions import record
from tideover.book.models import FACTS
from tideover.delivery.models import Message
from tideover.delivery.shown import shown
from tideover.delivery.taking import take
from tideover.engine.message import LANGUAGES
from tideover.repayment.ways.references import reference_of
from tideover.support.models import Case
from tideover.support.opening import NOBODY
from tideover.support.voice.deaths import (
    NobodyNamed,
    NotPossible,
    condole,
    found,
    mistaken,
    someone_close_died,
    tell_death,
)
from tideover.support.voice.models import DEATH_MOVES

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=5)


def told(once="one", **about):
    known = {
        "who": "Mary Price",
        "reference": "",
        "her_address": "",
        "told_by": "Tom Price",
        "reach": "tom@example.org",
    }
    return tell_death(at=NOW, once=once, **{**known, **about})


@pytest.mark.parametrize(
    "by",
    [
        {"reference": "mary-loan-1"},
        {"reference": reference_of("mary-loan-1")},
        {"her_address": "Mary@Example.org"},
    ],
)
def test_everything_to_her_stops_in_the_moment_it_is_told(by):
    a_customer()
    message = a_message("mary")

    made = told(**by)

    message.refresh_from_db()
    assert (made.person_id, holds_of("mary")) == ("mary", ["bereavement"])
    assert (message.state, message.because) == ("suppressed", "bereavement")
    case = Case.objects.get()
    assert (case.kind, case.person_id, case.branch) == ("death", "mary", "north")
    assert "Tom Price" in case.said


def test_where_it_is_not_sure_who_it_is_a_person_looks_and_nobody_is_touched():
    a_customer()
    also = {
        "contact_point_id": "far-shares",
        "person_id": "far",
        "channel": "email",
        "address_id": "mary-email",
        "state": "ok",
    }
    record("contact_points", [also], source="test", at=NOW)

    made = told(her_address="mary@example.org")

    assert (made.person_id, holds_of("mary"), holds_of("far")) == ("", [], [])
    assert Case.objects.get().person_id == NOBODY


def test_told_twice_it_is_one_and_without_a_name_it_is_none():
    a_customer()

    assert told() == told()
    with pytest.raises(NobodyNamed):
        told("two", who=" ")


def test_staff_say_who_it_is_and_everything_stops_then():
    a_customer()
    made = told()

    found(death=made, person_id="mary", by=member("agent", "north"), at=SOON)

    assert holds_of("mary") == ["bereavement"]
    assert Case.objects.get().person_id == "mary"


def test_staff_of_another_branch_cannot_say_so_about_her():
    a_customer()
    made = told()

    with pytest.raises(NotPossible):
        found(death=made, person_id="mary", by=member("agent", "south", name="away"), at=SOON)
    with pytest.raises(NotAllowed):
        found(death=made, person_id="mary", by=member("admin"), at=SOON)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_one_letter_has_no_amount_and_no_word_of_money_owed(language):
    a_customer()
    made = told(reference="mary-loan-1", language=language)

    condole(death=made, by=member("agent", "north"), at=SOON)
    take(at=SOON)
    letter = shown(Message.objects.get(purpose="condolence"), SOON)

    assert letter.has_words
    assert letter.language == language
    assert not any(it in letter.text for it in ("£", "GBP", "100", "mary-loan-1"))
    assert Message.objects.filter(person_id="mary", state="queued").count() == 0


def test_it_is_written_once_and_only_when_we_know_who_died():
    a_customer()
    agent = member("agent", "north")
    with pytest.raises(NotPossible):
        condole(death=told("unknown", reference="none"), by=agent, at=SOON)
    made = told(reference="mary-loan-1")
    condole(death=made, by=agent, at=SOON)

    with pytest.raises(NotPossible):
        condole(death=made, by=agent, at=SOON)


def test_whoever_told_it_stands_as_executor_and_is_told_nothing_of_the_loan():
    a_customer()
    made = told(reference="mary-loan-1")

    condole(death=made, by=member("agent", "north"), at=SOON)

    party = FACTS["parties"].objects.get(loan_id="mary-loan-1")
    assert (party.role, party.may_be_told) == ("executor", "nothing")


def test_a_mistake_is_put_right_by_whoever_may_end_holds():
    a_customer()
    made = told(reference="mary-loan-1")

    for role in ("agent", "compliance"):
        with pytest.raises(NotAllowed):
            mistaken(death=made, by=member(role, "north"), at=SOON)
    mistaken(death=made, by=member("lead", "north"), at=SOON)

    last = FACTS["holds"].objects.order_by("recorded_at", "id").last()
    assert last.until_at == SOON


def test_whoever_lost_somebody_close_is_left_in_peace_for_a_while():
    a_customer()

    for _ in range(2):
        someone_close_died(
            person_id="mary", at=NOW, until=NOW + timedelta(days=30), said="My father", once="one"
        )

    assert holds_of("mary") == ["bereavement"]
    case = Case.objects.get()
    assert (case.kind, case.due_on) == ("bereaved", (NOW + timedelta(days=30)).date())


def test_every_state_is_reached_and_each_end_is_meant():
    reached = {it for moves in DEATH_MOVES.values() for it in moves} | {"told"}
    assert reached == set(DEATH_MOVES)
    assert [state for state, moves in DEATH_MOVES.items() if not moves] == ["mistaken"]
