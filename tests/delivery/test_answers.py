"""What a person says becomes a fact at once, and stops what it must."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT, late
from tests.recording import recorded
from tideover.book.models import FACTS
from tideover.delivery.answers import Sender, hear, receive
from tideover.delivery.models import Answer, Message
from tideover.strategy.gate import consider
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped
from tideover.support.jobs import open_cases
from tideover.support.models import Case

NOW = datetime.fromtimestamp(AT, UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def queued():
    """A reminder by SMS to someone late, still in the outbox, and a legal notice by letter."""
    recorded(late("asha"), at=NOW)
    return [
        Message.objects.create(
            contact_id=f"c-{channel}", person_id="asha", purpose=purpose, purpose_class=of_class, subject="asha-loan-1",
            channel=channel, send_at=NOW, due_at=NOW, use_by=NOW + timedelta(days=2), local_day=1, message_id=channel,
            code="ABCD2345", address_id="number",
        )
        for channel, purpose, of_class in (("sms", "gentle_reminder", "collection"), ("letter", "arrears_notice", "duty"))
    ]  # fmt: skip


def states():
    return dict(Message.objects.values_list("channel", "state"))


def said(text="", kind="", **more):
    return receive(
        person_id="asha", channel="sms", text=text, kind=kind, at=NOW, outside_id=f"{text}{kind}", **more
    )


@pytest.mark.parametrize("word", ["STOP", "বন্ধ", "Stopēt", "DỪNG", "لغو"])
def test_stop_in_any_language_ends_the_channel_and_leaves_the_legal_notice(word, queued):
    said(word)

    assert states() == {"sms": "suppressed", "letter": "queued"}
    consent = FACTS["consents"].objects.get()
    assert (consent.channel, consent.purpose_class, consent.withdrawn_at) == ("sms", "all", NOW)


def test_a_death_told_stops_everything_to_that_person_at_once(queued):
    said("my husband died last week", message=queued[0])

    assert set(states().values()) == {"suppressed"}
    assert FACTS["holds"].objects.get().kind == "bereavement"
    assert open_cases(at=NOW) == 1
    assert Case.objects.get().kind == "death"


def test_words_of_danger_come_before_a_person_and_stop_the_machine(queued):
    answer = said("I want to end my life", message=queued[0])

    open_cases(at=NOW)

    assert answer.danger
    assert states() == {"sms": "suppressed", "letter": "suppressed"}
    assert Case.objects.waiting().first().kind == "danger"
    hold = FACTS["holds"].objects.get()
    assert (hold.kind, hold.until_at) == ("danger", None)


def test_a_duty_that_a_danger_stopped_becomes_a_persons_task(queued):
    said("I want to end my life", message=queued[0])

    open_cases(at=NOW)

    assert sorted(Case.objects.values_list("kind", flat=True)) == ["danger", "undelivered_duty"]


@pytest.mark.parametrize("later", [timedelta(minutes=1), timedelta(days=15), timedelta(days=400)])
@pytest.mark.parametrize("purpose", ["plan_offer", "gentle_reminder", "arrears_notice", "promise_confirmed"])
def test_after_a_danger_nothing_goes_by_itself_however_long_the_case_is_open(later, purpose, queued):
    ensure_shipped(at=NOW)

    said("I want to end my life", message=queued[0])

    seen = consider(person_id="asha", occasion=purpose, subject="asha-loan-1", at=NOW + later)
    assert (seen.decision, seen.forbidden_by) == (None, "hold_danger")


def test_on_words_of_danger_nothing_is_agreed_by_itself(queued):
    Message.objects.filter(channel="sms").update(occasion={"values": {"offered_on": 20_800}})

    answer = said("yes 1, but I want to end my life", message=Message.objects.get(channel="sms"))

    assert answer.danger
    assert FACTS["promises"].objects.count() == 0


def test_a_person_of_ours_may_still_write_to_her(queued):
    ensure_shipped(at=NOW)

    said("I want to end my life", message=queued[0])

    assert consider(person_id="asha", occasion="reply", at=NOW, channel="app").forbidden_by != "hold_danger"


@pytest.mark.parametrize(
    ("kind", "hold"),
    [
        ("paid", "already_paid"),
        ("wrong_amount", "dispute"),
        ("cannot_pay", "hardship"),
        ("not_me", "wrong_number"),
    ],
)
def test_a_pressed_answer_rests_what_it_must_and_opens_a_case(kind, hold, queued):
    said(kind=kind, message=queued[0])

    assert FACTS["holds"].objects.get().kind == hold
    open_cases(at=NOW)
    assert [it.kind for it in Case.objects.all()] == [kind]


def test_a_wrong_number_rests_reminders_and_leaves_the_duty_its_own_way(queued):
    said(kind="not_me", message=queued[0])

    assert states() == {"sms": "suppressed", "letter": "queued"}


def test_what_is_not_understood_is_read_by_a_person_and_changes_nothing(queued):
    said("the weather is nice here", message=queued[0])

    open_cases(at=NOW)

    assert set(states().values()) == {"queued"}
    assert Case.objects.get().kind == "question"


def test_the_same_answer_twice_is_one_answer(queued):
    one, two = said("STOP"), said("STOP")

    assert one == two
    assert (Answer.objects.count(), FACTS["conversations"].objects.count()) == (1, 1)


def test_a_case_is_opened_once_however_often_we_look(queued):
    said(kind="paid", message=queued[0])

    assert (open_cases(at=NOW), open_cases(at=NOW + timedelta(minutes=1))) == (1, 0)


def test_a_duty_that_could_not_be_delivered_goes_to_a_person(queued):
    Message.objects.filter(channel="letter").update(state="rejected", ended_at=AT)

    open_cases(at=NOW)

    assert Case.objects.get().kind == "undelivered_duty"


@pytest.mark.parametrize(
    "words",
    [
        "I have already paid",
        "I lost my job",
        "please call me",
        "the amount is wrong",
        "I paid yesterday",
        "please call me tomorrow",
        "you have the wrong amount, I owe 40",
        "why did the amount change?",
    ],
)
def test_whoever_writes_is_told_that_it_has_come_and_that_a_person_reads_it(words, queued):
    ensure_shipped(at=NOW)

    said(words, message=queued[0])

    told = Decision.objects.get()
    assert (told.purpose, told.channel, told.person_id) == ("answer_received", "sms", "asha")


def test_whoever_writes_several_times_a_day_is_told_once_and_the_next_day_again(queued):
    ensure_shipped(at=NOW)

    for hours in (0, 1, 23, 25):
        receive(
            person_id="asha", channel="sms", text="why did the amount change?", at=NOW + timedelta(hours=hours), outside_id=f"{hours}"
        )  # fmt: skip

    assert [it.at for it in Decision.objects.order_by("at")] == [NOW, NOW + timedelta(hours=25)]


@pytest.mark.parametrize(
    "given",
    [
        {"text": "wrong number"},
        {"text": "he died"},
        {"text": "I cannot pay, my husband died last week"},
        {"text": "call me, I want to end my life"},
        {"kind": "paid"},
        {"text": "I paid yesterday", "sender": Sender(by_machine=True)},
    ],
)
def test_nobody_is_told_where_a_person_must_speak_first_or_a_page_or_a_machine_is_at_the_other_end(
    given, queued
):
    ensure_shipped(at=NOW)

    said(**given, message=queued[0])

    assert not Decision.objects.exists()


def test_what_is_written_on_a_page_is_confirmed_by_the_page(queued):
    ensure_shipped(at=NOW)

    receive(person_id="asha", channel="app", text="why did the amount change?", at=NOW, outside_id="one")

    assert not Decision.objects.exists()


def test_two_channels_that_she_stops_in_one_talk_are_both_confirmed(queued):
    ensure_shipped(at=NOW)

    hear(
        person_id="asha",
        kind="stop",
        stops=["email", "sms"],
        heard_on="call",
        text="",
        at=NOW,
        outside_id="t",
    )

    told = Decision.objects.filter(purpose="opt_out_confirmed")
    assert {it.channel: it.values["stopped"] for it in told} == {"email": "email", "sms": "sms"}
