"""Words of somebody whom nobody knows reach a person, danger and deaths first; they go when they led to nobody."""

from datetime import timedelta

import pytest

from tests.recording import NOW
from tests.staff import member, signed_in
from tests.support.voice.scene import a_customer, holds_of
from tideover.delivery.inbound import take_mail, take_text
from tideover.delivery.incoming.received import Answered
from tideover.delivery.models import Unplaced
from tideover.support.actions import close
from tideover.support.jobs import open_cases
from tideover.support.models import Case
from tideover.support.opening import NOBODY
from tideover.support.strangers import KEPT, forget_strangers
from tideover.support.voice.deaths import found
from tideover.support.voice.models import DeathTold

pytestmark = pytest.mark.django_db
THEIRS = "+447700900999"
SOON = NOW + timedelta(minutes=5)


def written(*texts, sender=THEIRS):
    for text in texts:
        take_text(Answered("sms", sender, "6000", text, NOW), at=NOW)
    return open_cases(at=NOW)


def test_a_relative_who_tells_of_a_death_from_her_own_number_reaches_a_person():
    a_customer()

    assert written("My mother Mary Price died last week") == 1

    case = Case.objects.get()
    assert (case.kind, case.person_id) == ("death", NOBODY)
    assert all(it in case.said for it in ("Mary Price died", THEIRS))
    found(death=DeathTold.objects.get(), person_id="mary", by=member("agent", "north"), at=SOON)
    assert holds_of("mary") == ["bereavement"]


def test_a_mail_that_names_no_sender_stops_no_worker_and_reaches_a_person():
    take_mail(b"To: hello@lender.example\r\n\r\nMy mother has died.", at=NOW)

    assert open_cases(at=NOW) == 1
    assert Case.objects.get().kind == "death"
    assert open_cases(at=NOW) == 0


def test_a_danger_stands_first_and_a_death_before_other_work():
    written("Who is this?", sender="+447700900001")
    written("My mother died last week", sender="+447700900002")
    written("I want to end my life", sender="+447700900003")

    assert [it.kind for it in Case.objects.waiting()] == ["danger", "death", "question"]


def test_a_death_and_a_danger_in_one_are_both_seen_to():
    written("My husband died and I want to end my life")

    assert [it.kind for it in Case.objects.waiting()] == ["danger", "death"]


def test_what_one_sender_wrote_in_parts_is_one_case_and_opened_once():
    assert written("I am her sister and", "I would like to pay for her") == 1
    assert open_cases(at=NOW) == 0

    assert "sister and\nI would like" in Case.objects.get().said
    assert Unplaced.objects.filter(text__isnull=False).count() == 0


def test_a_person_reads_it_at_the_desk(client):
    written("Who is this?")
    lead = signed_in(client, member("lead", every_branch=True))

    page = lead.get(f"/desk/cases/{Case.objects.get().pk}/").content.decode()

    assert "Somebody we have yet to find" in page
    assert "Who is this?" in page
    assert THEIRS in page


def test_nobody_of_one_branch_reads_it(client):
    written("Who is this?")
    agent = signed_in(client, member("agent", "north"))

    assert agent.get(f"/desk/cases/{Case.objects.get().pk}/").status_code == 404


def test_words_that_led_to_nobody_go_a_while_after_their_case_is_closed():
    written("My mother died last week", sender="+447700900002")
    written("Who is this?")
    lead = member("lead", every_branch=True)
    for case in Case.objects.all():
        close(case=case, outcome="nothing_to_do", words="Wrong number", by=lead, at=SOON)

    assert forget_strangers(at=SOON + KEPT - timedelta(minutes=1)) == 0
    assert forget_strangers(at=SOON + KEPT) == 2

    assert set(Case.objects.values_list("said", "note")) == {(None, None)}
    assert [(it.said, it.reach) for it in DeathTold.objects.all()] == [("", "")]
    assert Unplaced.objects.count() == 0


def test_words_that_wait_for_a_person_stay():
    written("Who is this?")

    assert forget_strangers(at=NOW + 9 * KEPT) == 0
    assert "Who is this?" in Case.objects.get().said


def test_a_stop_is_kept_in_mind_by_a_number_that_nobody_can_read():
    written("STOP")

    forget_strangers(at=NOW + 9 * KEPT)

    kept = Unplaced.objects.get()
    assert (kept.is_stop, kept.sender, kept.text) == (True, None, None)
