"""A death told in an answer: one case of it, on which the one letter can go to whoever told it."""

from datetime import timedelta

import pytest

from tests.recording import NOW
from tests.staff import member, signed_in
from tests.support.voice.scene import a_customer, holds_of
from tests.web.scene import a_message
from tideover.access.actors import SYSTEM
from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.models import Address, Person
from tideover.delivery.answers import receive
from tideover.delivery.inbound import take_mail, take_text
from tideover.delivery.incoming.received import Answered
from tideover.delivery.models import Answer, Message
from tideover.delivery.privacy.erasing import erase_subject
from tideover.strategy.models import Decision
from tideover.support.actions import close
from tideover.support.heard import write_down
from tideover.support.jobs import open_cases
from tideover.support.models import Case
from tideover.support.resting import may_go_on, rests_for
from tideover.support.voice.deaths import NotPossible, can_be_written_to, condole, mistaken
from tideover.support.voice.models import DeathTold
from tideover.support.voice.talking import write

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=5)
PHONE = "+447700900123"


@pytest.fixture(autouse=True)
def mary():
    """Reached by mail and by phone; a reminder went to her by each."""
    a_customer()
    Address.objects.create(address_id="mary-sms", channel="sms", value=PHONE, index=blind(PHONE))
    for day, channel in enumerate(("email", "sms")):
        a_message(
            "mary",
            channel=channel,
            state="accepted",
            address_id=f"mary-{channel}",
            ended_at=NOW,
            local_day=day,
        )


def mailed(words, *, sender="mary@example.org", subject="Re: your payment"):
    head = f"From: {sender}\r\nMessage-ID: <one@example.org>\r\nIn-Reply-To: <maryemail1@lender.example>\r\nSubject: {subject}"
    take_mail(f"{head}\r\n\r\n{words}".encode(), at=NOW)
    return opened()


def texted(words):
    take_text(Answered("sms", PHONE, "6000", words, NOW), at=NOW)
    return opened()


def opened():
    open_cases(at=NOW)
    return Case.objects.get()


@pytest.mark.parametrize(
    "words", ["STOP please, my husband died", "please stop, my mother died last week", "he died"]
)
def test_a_death_among_other_words_is_a_death_and_is_due_tomorrow(words):
    case = texted(words)

    assert (case.kind, case.due_on) == ("death", (NOW + timedelta(days=1)).date())
    assert holds_of("mary") == ["bereavement"]


def test_a_danger_comes_before_a_death_and_a_stop_without_a_death_is_a_question():
    assert texted("my husband died, I want to kill myself").kind == "danger"
    Case.objects.all().delete()
    Answer.objects.all().delete()
    receive(person_id="mary", channel="sms", text="why do you not stop", at=NOW, outside_id="two")

    assert opened().kind == "question"


def test_what_is_written_on_the_page_with_the_question_is_a_death_too():
    case = write(person_id="mary", text="please stop, my husband died", at=NOW, once="one")
    open_cases(at=NOW)

    assert case.kind == "death"
    assert DeathTold.objects.get().case == case


def told():
    death = DeathTold.objects.get()
    return death.person_id, death.state, death.reach, can_be_written_to(death)


def test_a_text_leaves_the_number_it_came_from():
    texted("My wife Mary has died")

    assert told() == ("mary", "found", PHONE, True)
    assert DeathTold.objects.get().said == "My wife Mary has died"


def test_a_relative_who_answers_our_mail_is_reached_at_their_own_mailbox():
    mailed("My mother died last week", sender="Tom Price <tom@example.org>")

    assert told() == ("mary", "found", "tom@example.org", True)


def test_a_press_on_the_link_of_a_message_leaves_the_address_that_message_went_to():
    message = Message.objects.get(channel="email")
    receive(person_id="mary", channel="email", kind="death", message=message, at=NOW, outside_id="pressed")
    opened()

    assert told() == ("mary", "found", "mary@example.org", True)


def test_what_was_heard_on_the_phone_leaves_none():
    write_down(
        person_id="mary", kind="death", words="Her son", by=member("agent", "north"), at=NOW, once="one"
    )
    opened()

    assert told() == ("mary", "found", "", False)


def test_looked_at_again_it_is_one():
    texted("he died")
    open_cases(at=SOON)

    assert DeathTold.objects.count() == 1


def test_only_of_a_death_the_sender_is_kept():
    texted("I have paid")

    assert Answer.objects.get().sender is None


def test_the_letter_goes_to_whoever_told_it_once():
    mailed("My mother died last week", sender="Tom Price <tom@example.org>")
    death, agent = DeathTold.objects.get(), member("agent", "north")

    condole(death=death, by=agent, at=SOON)

    assert Decision.objects.get(purpose="condolence").channel == "email"
    with pytest.raises(NotPossible):
        condole(death=death, by=agent, at=SOON)


def test_whoever_told_it_and_is_erased_is_not_found_beside_it_any_more():
    mailed("My mother died last week", sender="Tom Price <tom@example.org>")
    condole(death=DeathTold.objects.get(), by=member("agent", "north"), at=SOON)

    erase_subject(DeathTold.objects.get().executor_id, SOON, SYSTEM)

    assert (DeathTold.objects.get().reach, Answer.objects.get().sender) == ("", None)
    assert DeathTold.objects.get().said == "My mother died last week"


@pytest.mark.parametrize("how", ["mistaken", "go_on", "close"])
def test_a_mistake_ends_the_rest_and_offers_no_letter_any_more(how):
    case, lead = texted("my phone has died"), member("lead", "north")

    if how == "mistaken":
        mistaken(death=DeathTold.objects.get(), by=lead, at=SOON)
    elif how == "go_on":
        may_go_on(case=case, by=lead, at=SOON)
    else:
        close(case=case, outcome="nothing_to_do", words="", by=lead, at=SOON, rest="ends")

    assert rests_for(case, SOON + timedelta(minutes=1)) == []
    assert DeathTold.objects.get().state == "mistaken"
    with pytest.raises(NotPossible):
        condole(death=DeathTold.objects.get(), by=lead, at=SOON + timedelta(minutes=1))


class TestAtTheDesk:
    def test_the_letter_is_offered_beside_the_words(self, client):
        case = texted("My wife Mary has died")

        page = signed_in(client, member("lead", "north")).get(f"/desk/cases/{case.pk}/").content.decode()

        assert "Let the letter go" in page
        assert PHONE in page
        assert page.count("It was a mistake</button>") == 1

    def test_who_shares_the_phone_goes_on_while_the_letter_is_still_offered(self, client):
        recorded = {"contact_point_id": "far-shares", "person_id": "far", "channel": "sms", "state": "ok"}
        record("contact_points", [{**recorded, "address_id": "mary-sms"}], source="test", at=NOW)
        Person.objects.filter(pk="far").update(name="Far Price", branch="north")
        case, lead = texted("My wife Mary has died"), signed_in(client, member("lead", "north"))
        assert holds_of("far") == ["bereavement"]

        lead.post(f"/desk/cases/{case.pk}/go-on", {"only": "far"})

        assert DeathTold.objects.get().state == "found"
        assert holds_of("mary") == ["bereavement"]
