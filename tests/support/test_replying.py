"""What staff write to a person: shown first, at the one gate, signed by those she knows, and without card numbers."""

import pytest

from tests.people import AT, DAY, fresh_payments, held, late, together
from tests.recording import NOW, recorded
from tests.staff import member, outsider
from tests.web.scene import a_case
from tideover.access.allowed import NotAllowed
from tideover.access.models import AuditRow
from tideover.delivery import taking
from tideover.delivery.answers import receive
from tideover.delivery.models import Message
from tideover.delivery.privacy.collecting import collected
from tideover.delivery.privacy.subject import subject_of
from tideover.delivery.shown import shown
from tideover.engine.message import LANGUAGES, read_replies
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped
from tideover.support.actions import NotPossible, NotYours, close, take
from tideover.support.replying import (
    Forbidden,
    NothingWritten,
    TooLong,
    draft,
    reply,
    starting_texts,
)

pytestmark = pytest.mark.django_db
CARD = "4539 1488 0343 6467"


@pytest.fixture(autouse=True)
def book(settings, tmp_path):
    settings.DATA = tmp_path
    ensure_shipped(at=NOW)


def someone_late(name="mary", *also, officer=None, **about):
    rows = together(late(name, **about), fresh_payments(AT + 3 * DAY), *also)
    rows["borrowers"][0]["officer_name"] = officer
    recorded(rows, at=NOW)
    return a_case(name, subject=f"{name}-loan-1")


def left():
    taking.take(at=NOW)
    return shown(Message.objects.get(purpose="reply"), NOW)


def test_it_is_shown_before_it_is_sent_and_showing_writes_nothing_down():
    case = someone_late()

    seen = draft(case=case, text="You can pay on Friday.", by=member("agent", "north"), at=NOW)

    assert "You can pay on Friday." in seen.shown.text
    assert "One of us wrote this answer for you." in seen.shown.text
    assert seen.foreseen.forbidden_by == ""
    assert (Decision.objects.count(), Message.objects.count(), AuditRow.objects.count()) == (0, 0, 0)


def test_what_leaves_is_what_was_shown():
    case, agent = someone_late(), member("agent", "north")
    seen = draft(case=case, text="You can pay on Friday.", by=agent, at=NOW)

    sent = reply(case=case, text=seen.text, key="k", by=agent, at=NOW)

    assert (sent.policy, sent.purpose, sent.subject) == ("gate", "reply", "mary-loan-1")
    assert "You can pay on Friday." in left().text
    assert list(AuditRow.objects.values_list("action", flat=True)) == ["reply_written"]


def test_it_goes_by_the_channel_in_which_she_wrote_and_says_that_a_person_writes():
    case = someone_late()
    receive(person_id="mary", channel="sms", text="how do I pay?", at=NOW, outside_id="1")

    sent = reply(case=case, text="In any shop.", key="k", by=member("agent", "north"), at=NOW)

    assert sent.channel == "sms"
    assert "Harbour Credit, one of us: In any shop." in left().text


def test_only_an_officer_she_knows_signs_by_name():
    case = someone_late(officer="Asha Rahman")
    officer, other = member("agent", "north", name="asha rahman"), member("agent", "north", name="mary")

    assert (
        "Asha Rahman wrote this answer for you."
        in draft(case=case, text="Yes.", by=officer, at=NOW).shown.text
    )
    said = draft(case=case, text="Yes.", by=other, at=NOW).shown.text
    assert "One of us wrote this answer" in said
    assert "Mary wrote" not in said


def test_a_hold_forbids_it_and_says_so():
    case, agent = someone_late("mary", held("mary", "bereavement")), member("agent", "north")

    assert draft(case=case, text="Yes.", by=agent, at=NOW).foreseen.forbidden_by == "hold_bereavement"
    with pytest.raises(Forbidden, match="A death was told"):
        reply(case=case, text="Yes.", key="k", by=agent, at=NOW)

    assert Decision.objects.count() == 0


@pytest.mark.parametrize("card", [CARD, "৪৫৩৯১৪৮৮০৩৪৩৬৪৬৭", "۴۵۳۹۱۴۸۸۰۳۴۳۶۴۶۷"])
def test_a_card_number_is_covered_before_anything_is_kept(card):
    case, agent = someone_late(), member("agent", "north")
    text = f"Your card {card} was declined."

    seen = draft(case=case, text=text, by=agent, at=NOW)
    reply(case=case, text=text, key="k", by=agent, at=NOW)
    said = left().text
    take(case=case, by=agent, at=NOW)
    closed = close(case=case, outcome="solved", words=text, by=agent, at=NOW)
    answer = receive(person_id="mary", channel="sms", text=text, at=NOW, outside_id="1")

    assert seen.is_covered
    for kept in (seen.text, said, closed.note, answer.text):
        assert card not in kept
        assert "•" in kept


def test_what_was_written_is_sealed_where_it_waits_and_given_to_her_when_she_asks():
    case = someone_late()
    reply(case=case, text="You can pay on Friday.", key="k", by=member("agent", "north"), at=NOW)
    taking.take(at=NOW)

    assert "Friday" not in str(Decision.objects.get().values) + str(Message.objects.get().occasion)
    assert "You can pay on Friday." in str(collected(subject_of("mary"))["decisions"])


def test_pressed_twice_it_is_one_and_two_replies_of_a_day_are_two():
    case, agent = someone_late(), member("agent", "north")
    for key in ("a", "a", "b"):
        reply(case=case, text="Yes.", key=key, by=agent, at=NOW)
    taking.take(at=NOW)

    assert Message.objects.filter(purpose="reply").count() == 2
    assert AuditRow.objects.count() == 2


def test_words_that_threaten_are_pointed_out():
    case = someone_late()

    assert draft(case=case, text="Pay, or we sue you in court.", by=member("agent", "north"), at=NOW).unkind


def test_only_whoever_sees_to_the_case_writes():
    case, agent = someone_late(), member("agent", "north")
    take(case=case, by=agent, at=NOW)

    for them, error in (
        (member("agent", "north", name="colleague"), NotYours),
        (outsider(), NotYours),
        (member("compliance", "north"), NotAllowed),
    ):
        with pytest.raises(error):
            reply(case=case, text="Yes.", key="k", by=them, at=NOW)
    close(case=case, outcome="solved", words="", by=agent, at=NOW)
    with pytest.raises(NotPossible):
        reply(case=case, text="Yes.", key="k", by=agent, at=NOW)


def test_nothing_and_far_too_much_are_not_sent():
    case, agent = someone_late(), member("agent", "north")
    with pytest.raises(NothingWritten):
        draft(case=case, text="  ", by=agent, at=NOW)
    with pytest.raises(TooLong):
        draft(case=case, text="a" * 4_001, by=agent, at=NOW)


def test_texts_to_start_from_are_in_her_language():
    someone_late("right", language="fa", country="IR", zone="Asia/Tehran")

    says, text = starting_texts("right")["payment_found"]

    assert says == "The payment is found"
    assert "سپاسگزاریم" in text
    assert all(set(it.texts) == set(LANGUAGES) for it in read_replies().values())
