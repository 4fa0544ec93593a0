"""What she said for herself is in what she takes along, and goes when she is erased; an open complaint keeps it until then."""

from datetime import date, timedelta

import pytest

from tests.recording import NOW
from tests.support.voice.scene import a_customer
from tideover.access.actors import SYSTEM
from tideover.delivery.privacy.collecting import collected
from tideover.delivery.privacy.erasing import NeededForAClaim, erase_subject
from tideover.delivery.privacy.subject import subject_of
from tideover.support.models import Case
from tideover.support.voice.complaining import complain, content
from tideover.support.voice.deaths import tell_death
from tideover.support.voice.models import Complaint, DeathTold, PowerToAct
from tideover.support.voice.own_data import ask_correction, ask_erasure, kept_about
from tideover.support.voice.powers import Leave, give

pytestmark = pytest.mark.django_db
SOON, LATER = NOW + timedelta(minutes=1), NOW + timedelta(minutes=9)


def everything_said():
    a_customer()
    made = complain(person_id="mary", said="You called my mother.", about="contact", at=NOW, once="one")
    leave = Leave("Ann Advice", "ann@example.org", ("see",), date(2027, 3, 1))
    give(person_id="mary", leave=leave, at=NOW, once="two")
    ask_correction(person_id="mary", what="name", old="Mary Price", new="Mary Pryce", at=NOW, once="three")
    ask_erasure(person_id="mary", at=NOW)
    return made


def test_she_takes_along_what_she_said():
    everything_said()

    told = str(collected(subject_of("mary")))

    assert all(it in told for it in ("You called my mother.", "Ann Advice", "Mary Pryce"))


def test_while_a_complaint_is_open_its_records_stay():
    everything_said()

    with pytest.raises(NeededForAClaim):
        erase_subject("mary", LATER, SYSTEM)


def test_erased_nothing_that_she_said_is_left():
    made = everything_said()
    tell_death(
        who="Mary",
        reference="mary-loan-1",
        her_address="",
        told_by="Tom",
        reach="t@example.org",
        at=NOW,
        once="four",
    )
    Complaint.objects.filter(pk=made.pk).update(state="answered")
    content(complaint=made, person_id="mary", at=SOON)

    erase_subject("mary", LATER, SYSTEM)

    assert [it.objects.count() for it in (Complaint, DeathTold, PowerToAct, Case)] == [0, 0, 0, 0]


def test_what_is_kept_is_told_with_its_addresses():
    a_customer()

    kept = kept_about("mary")

    assert (kept.name, kept.addresses) == ("Mary Price", (("email", "mary@example.org"),))
    assert kept.counts["loans"] == 1
