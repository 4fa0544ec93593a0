"""What somebody says on the phone counts as if they had written it: it stops what it must, and waits for a person where it should."""

import pytest

from tests.recording import NOW
from tests.staff import member, outsider, signed_in
from tests.support.voice.scene import a_customer
from tests.web.scene import a_message
from tideover.access.models import AuditRow
from tideover.book.models import FACTS
from tideover.delivery.models import Answer, Message
from tideover.support.heard import HEARD
from tideover.support.jobs import open_cases
from tideover.support.models import Case
from tideover.support.voice.models import Complaint

pytestmark = pytest.mark.django_db
numbers = iter(range(1_000))
PAGE = "/desk/people/mary/heard"


@pytest.fixture
def agent(client):
    a_customer()
    return signed_in(client, member("agent", "north"))


def says(agent, kind, **more):
    return agent.post(PAGE, {"kind": kind, "once": "one", **more}, follow=True)


def waiting(channel, purpose_class="collection"):
    return a_message(
        "mary", channel=channel, purpose=f"of_{channel}", purpose_class=purpose_class, number=next(numbers)
    )


def state(message):
    return Message.objects.get(pk=message.pk).state


def consents():
    return {
        it.channel for it in FACTS["consents"].objects.filter(person_id="mary", withdrawn_at__isnull=False)
    }


def test_do_not_call_me_stops_calls_and_nothing_else(agent):
    call, text = waiting("call"), waiting("sms")

    page = says(agent, "stop", stops=["call"])

    assert "Written down. It counts from now on." in page.content.decode()
    assert (state(call), state(text)) == ("suppressed", "queued")
    assert consents() == {"call"}
    assert list(AuditRow.objects.filter(action="heard").values_list("detail", flat=True)) == [
        {"kind": "stop", "stops": ["call"]}
    ]


def test_everything_that_may_be_stopped_stops_and_what_a_law_orders_still_comes(agent):
    mine = [waiting("call"), waiting("sms"), waiting("email", "lesson")]
    duty = waiting("email", "duty")

    says(agent, "stop", stops=["all"])

    assert [state(it) for it in mine] == ["suppressed"] * 3
    assert state(duty) == "queued"
    assert consents() == {"all"}


@pytest.mark.parametrize(("kind", "hold"), [
    ("paid", "already_paid"), ("wrong_amount", "dispute"), ("cannot_pay", "hardship"), ("not_me", "wrong_number"),
    ("death", "bereavement"), ("danger", "danger"),
])  # fmt: skip
def test_what_must_rest_rests_and_a_case_is_opened(agent, kind, hold):
    says(agent, kind, words="She said it twice.")
    open_cases(at=NOW)

    assert hold in {it.kind for it in FACTS["holds"].objects.filter(person_id="mary")}
    case = Case.objects.get(person_id="mary")
    assert (case.kind, case.said) == (kind, "She said it twice.")


def test_several_channels_stop_at_once_and_it_was_one_talk(agent):
    mine = [waiting("call"), waiting("sms"), waiting("letter")]

    says(agent, "stop", stops=["call", "sms", "letter"])

    assert [state(it) for it in mine] == ["suppressed"] * 3
    assert consents() == {"call", "sms", "letter"}
    assert FACTS["conversations"].objects.count() == 1


def test_a_stop_that_was_asked_for_beside_something_else_counts_too(agent):
    call = waiting("call")

    says(agent, "cannot_pay", stops=["call"], words="I lost my work, and do not ring me.")

    assert state(call) == "suppressed"
    assert consents() == {"call"}
    assert FACTS["holds"].objects.filter(person_id="mary", kind="hardship").exists()


def test_something_else_said_on_the_same_page_is_written_down_too(agent):
    says(agent, "paid")
    says(agent, "death")

    assert set(Answer.objects.values_list("kind", flat=True)) == {"paid", "death"}


def test_a_complaint_on_the_phone_is_a_complaint(agent):
    says(agent, "complaint", words="You called my mother.")

    assert Complaint.objects.get().person_id == "mary"


def test_whoever_was_spoken_with_gets_no_message_that_it_has_come(agent):
    says(agent, "cannot_pay", words="I lost my work.")

    assert not Message.objects.filter(person_id="mary").exists()
    talk = FACTS["conversations"].objects.get()
    assert (talk.channel, talk.by, talk.outcome) == ("call", "them", "talked")


def test_pressed_twice_it_is_written_down_once(agent):
    for _ in range(2):
        says(agent, "call_me")

    assert (Answer.objects.count(), AuditRow.objects.filter(action="heard").count()) == (1, 1)


@pytest.mark.parametrize(("given", "wrong"), [
    ({"kind": "stop"}, "Choose what is to stop."), ({"kind": "nonsense"}, "Choose what was said."),
    ({"kind": "complaint", "words": " "}, "Write what happened"),
])  # fmt: skip
def test_what_is_not_said_is_asked_for_and_what_was_typed_stays(agent, given, wrong):
    page = agent.post(PAGE, {"once": "one", "words": "as typed", **given})

    assert page.status_code == 422
    assert wrong in page.content.decode()
    assert given.get("words", "as typed") in page.content.decode()
    assert not Answer.objects.exists()


def test_every_kind_stands_on_the_page(agent):
    page = agent.get(PAGE).content.decode()

    assert [it for it in HEARD.values() if it not in page] == []


def test_an_outsider_and_whoever_may_not_write_down_have_none_of_it(client):
    a_customer()

    assert signed_in(client, outsider()).post(PAGE, {"kind": "death"}).status_code == 404
    assert signed_in(client, member("strategist", every_branch=True)).get(PAGE).status_code == 403
    assert not Answer.objects.exists()
