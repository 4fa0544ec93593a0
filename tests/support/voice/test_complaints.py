"""A complaint in any words: an owner and a day at once, what is disputed rests, and the answer has its reasons."""

from datetime import date, timedelta

import pytest

from tests.recording import NOW
from tests.staff import member
from tests.support.voice.scene import a_customer, holds_of
from tideover.book.models import FACTS
from tideover.delivery.privacy.collecting import collected
from tideover.delivery.privacy.subject import subject_of
from tideover.strategy.models import Decision
from tideover.support.actions import NotYours
from tideover.support.models import Case
from tideover.support.voice.answering import NotDecided, answer
from tideover.support.voice.clocks import check_clocks, clock_of
from tideover.support.voice.complaining import (
    NotHers,
    NothingSaid,
    NotPossible,
    complain,
    content,
    not_content,
)
from tideover.support.voice.models import COMPLAINT_MOVES

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=5)
CARD = "4539 1488 0343 6467"


def complained(her="mary", **about):
    told = {"said": "You called my mother.", "about": "contact", "once": "one", **about}
    return complain(person_id=her, at=NOW, **told)


def answered(made, **about):
    told = {
        "decided": "upheld",
        "words": "You are right, we were wrong to call.",
        "redress": "We deleted the number.",
    }
    agent = about.pop("by", None) or member("agent", "north")
    return answer(complaint=made, key="k", by=agent, at=SOON, **{**told, **about})


def state_of(made):
    rows = FACTS["complaints"].objects.filter(complaint_id=made.complaint_id).order_by("recorded_at", "id")
    return rows.last().state


def test_it_has_a_day_by_the_clock_of_her_country_and_a_case_for_it():
    a_customer()

    made = complained()

    assert made.answer_by == date(2027, 1, 20)  # eight weeks, DISP 1.6.2R
    assert made.acknowledge_by == date(2026, 11, 27)
    case = Case.objects.get()
    assert (case.kind, case.branch, case.due_on) == ("complaint", "north", made.answer_by)
    assert state_of(made) == "open"


def test_a_weekend_does_not_count_where_a_country_counts_working_days():
    a_customer(country="LV", zone="Europe/Riga", language="lv")

    # Fifteen working days from Wednesday 25 November.
    assert complained().answer_by == date(2026, 12, 16)


def test_nobody_asks_her_to_pay_while_it_is_open():
    a_customer()

    complained()

    assert holds_of("mary") == ["complaint"]


def test_of_an_amount_that_is_wrong_that_loan_rests_for_everybody_in_it():
    a_customer()

    complained(about="amount", loan_id="mary-loan-1")

    hold = FACTS["holds"].objects.get(person_id="mary")
    assert (hold.kind, hold.loan_id) == ("dispute", "mary-loan-1")


def test_she_is_told_that_it_has_arrived_and_by_when_she_has_an_answer():
    a_customer()

    made = complained()

    told = Decision.objects.get(purpose="complaint_received")
    assert told.values["reply_by_on"] == (made.answer_by - date(1970, 1, 1)).days
    assert made.acknowledged_at == NOW


def test_sent_twice_it_is_one():
    a_customer()

    assert complained() == complained()
    assert Case.objects.count() == 1


def test_card_numbers_are_covered_before_anything_is_kept():
    a_customer()

    made = complained(said=f"You took it from {CARD}", wish=f"Back to {CARD}")

    assert CARD not in made.said + made.wish + Case.objects.get().said
    assert made.said.endswith("6467")


def test_words_of_danger_reach_a_person_at_once():
    a_customer()

    complained(said="I cannot go on, I want to die")

    assert set(Case.objects.values_list("kind", flat=True)) == {"complaint", "danger"}


def test_nobody_complains_about_the_loan_of_another():
    a_customer()

    with pytest.raises(NotHers):
        complained(loan_id="far-loan-1")
    with pytest.raises(NothingSaid):
        complained(said="   ")


def test_the_answer_has_its_reasons_and_closes_the_case_but_what_rests_waits_for_her():
    a_customer()
    made = answered(complained())

    assert (made.state, made.decided, made.redress) == ("answered", "upheld", "We deleted the number.")
    assert Decision.objects.filter(purpose="reply").count() == 1
    assert Case.objects.get().state == "closed"
    assert holds_of("mary") == ["complaint"]


def test_a_lead_who_answers_sets_the_rest_an_end():
    a_customer()
    answered(complained(), by=member("lead", "north"))

    hold = FACTS["holds"].objects.filter(person_id="mary").order_by("recorded_at").last()
    assert hold.until_at == SOON + timedelta(days=14)


def test_content_closes_it_and_nothing_rests_any_more():
    a_customer()
    made = answered(complained())

    content(complaint=made, person_id="mary", at=SOON)

    row = (
        FACTS["complaints"]
        .objects.filter(complaint_id=made.complaint_id)
        .order_by("recorded_at", "id")
        .last()
    )
    assert (row.state, row.closed_at) == ("closed", SOON)
    assert not [it for it in FACTS["holds"].objects.order_by("recorded_at", "id") if it.until_at is None][1:]
    with pytest.raises(NotPossible):
        content(complaint=made, person_id="mary", at=SOON)


def test_not_content_opens_it_again_with_a_day_and_it_rests_as_before():
    a_customer()
    made = answered(complained(), by=member("lead", "north"))

    again = not_content(complaint=made, person_id="mary", at=SOON, why="My mother was called again.")

    assert (again.state, Case.objects.exclude(state="closed").count()) == ("open", 1)
    hold = FACTS["holds"].objects.filter(person_id="mary").order_by("recorded_at", "id").last()
    assert hold.until_at is None


def test_another_cannot_close_or_open_hers():
    a_customer()
    made = answered(complained())

    with pytest.raises(NotHers):
        content(complaint=made, person_id="far", at=SOON)
    with pytest.raises(NotHers):
        not_content(complaint=made, person_id="far", at=SOON)


def test_staff_of_another_branch_do_not_answer_it_and_an_answer_decides():
    a_customer()
    made = complained()

    with pytest.raises(NotYours):
        answered(made, by=member("agent", "south", name="away"))
    with pytest.raises(NotDecided):
        answered(made, decided="")
    made.refresh_from_db()
    assert made.state == "open"


def test_it_is_in_the_data_she_takes_with_her():
    a_customer()
    complained()

    assert collected(subject_of("mary"))["complaints"]
    assert "You called my mother." in str(collected(subject_of("mary")))


def test_every_state_is_reached_and_each_end_is_meant():
    reached = {it for moves in COMPLAINT_MOVES.values() for it in moves} | {"open"}
    assert reached == set(COMPLAINT_MOVES)
    assert [state for state, moves in COMPLAINT_MOVES.items() if not moves] == ["closed"]


def test_the_shipped_clocks_are_right_and_an_unknown_country_has_one():
    assert check_clocks(NOW.date()) == []
    assert clock_of("XX").next_step is None
    assert clock_of("GB").status == "law"
    assert "was to be looked at again" in str(check_clocks(date(2030, 1, 1))[0])
