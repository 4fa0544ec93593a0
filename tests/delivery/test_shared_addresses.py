"""A phone that two people share: what must stop stops for both, and one of them is answered."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT, late, row, someone, together
from tests.recording import recorded
from tests.staff import member, signed_in
from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.models import FACTS, Address, Person
from tideover.delivery.addresses import people_at
from tideover.delivery.inbound import read_left_behind, take_mail, take_text
from tideover.delivery.incoming.received import Answered
from tideover.delivery.models import Answer, Message, Unplaced
from tideover.strategy.gate import consider
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped
from tideover.support.actions import close
from tideover.support.jobs import open_cases
from tideover.support.models import Case
from tideover.support.resting import NothingRests, may_go_on, rests_for

NOW = datetime.fromtimestamp(AT, UTC)
LATER = NOW + timedelta(hours=1)
PHONE = "+37120000001"
pytestmark = pytest.mark.django_db


def at_phone(person, *, value=PHONE, **about):
    """This person's number, known under a key of its own."""
    address, channel = f"{person}-phone", about.get("channel", "sms")
    Address.objects.create(address_id=address, channel=channel, value=value, index=blind(value))
    point = {"contact_point_id": f"{person}-at-sms", "address_id": address, "channel": channel, "state": "ok"}
    return {"contact_points": [row("contact_points", person_id=person, **{**point, **about})]}


@pytest.fixture(autouse=True)
def house():
    """Asha and Ravi share a phone; a reminder went to Asha, and one to Ravi waits. Somebody else has a phone of their own."""
    recorded(
        together(
            late("asha"), at_phone("asha"), late("ravi"), at_phone("ravi"), someone("far", branch="south")
        ),
        at=NOW - timedelta(days=1),
    )
    recorded(at_phone("far", value="+37120000002"), at=NOW - timedelta(days=1))
    for number, (person, state) in enumerate((("asha", "accepted"), ("ravi", "queued"), ("far", "queued"))):
        Message.objects.create(
            contact_id=f"c-{person}", person_id=person, purpose="gentle_reminder", purpose_class="collection", channel="sms",
            subject=f"{person}-loan-1", send_at=NOW, due_at=NOW, use_by=NOW + timedelta(days=2), local_day=number, state=state,
            message_id=person, code="ABCD2345", address_id=f"{person}-phone", ended_at=NOW if state == "accepted" else None,
        )  # fmt: skip


def texted(words, *, sender=PHONE, at=NOW):
    return take_text(Answered("sms", sender, "1234", words, at), at=at)


def stopped():
    return sorted(FACTS["consents"].objects.filter(withdrawn_at=NOW).values_list("person_id", "channel"))


def resting():
    return sorted(FACTS["holds"].objects.values_list("person_id", "kind"))


def test_a_stop_from_a_shared_phone_stops_the_texts_to_everybody_who_has_it():
    ensure_shipped(at=NOW)

    texted("STOP")

    assert stopped() == [("asha", "sms"), ("ravi", "sms")]
    assert dict(Message.objects.values_list("person_id", "state"))["ravi"] == "suppressed"
    assert dict(Message.objects.values_list("person_id", "state"))["far"] == "queued"
    seen = consider(
        person_id="ravi", occasion="gentle_reminder", subject="ravi-loan-1", at=LATER, channel="sms"
    )
    assert seen.decision is None


def test_a_wrong_number_is_nobodys_of_them_and_closes_no_more_than_itself():
    ensure_shipped(at=NOW)

    texted("wrong number")

    assert people_at(PHONE, at=NOW) == set()
    assert resting() == [("asha", "wrong_number")]
    seen = consider(
        person_id="ravi", occasion="gentle_reminder", subject="ravi-loan-1", at=LATER, channel="sms"
    )
    assert seen.decision is None


@pytest.mark.parametrize(
    ("words", "hold", "kind"),
    [("Asha has died", "bereavement", "death"), ("I want to kill myself", "danger", "danger")],
)
def test_a_death_and_a_danger_rest_everybody_and_open_one_case(words, hold, kind):
    texted(words)
    open_cases(at=NOW)

    assert resting() == [("asha", hold), ("ravi", hold)]
    assert Message.objects.get(person_id="ravi").state == "suppressed"
    assert [(it.person_id, it.kind) for it in Case.objects.all()] == [("asha", kind)]
    assert [it.person_id for it in Answer.objects.all()] == ["asha"]


def test_only_one_of_them_is_told_that_it_has_stopped():
    ensure_shipped(at=NOW)

    texted("STOP")

    assert [it.person_id for it in Decision.objects.filter(purpose="opt_out_confirmed")] == ["asha"]
    assert [it.person_id for it in FACTS["conversations"].objects.all()] == ["asha"]


def test_a_number_that_one_of_them_has_for_calls_is_shared_too():
    point = {
        "contact_point_id": "ravi-at-sms",
        "person_id": "ravi",
        "channel": "call",
        "address_id": "ravi-phone",
    }
    record("contact_points", [{**point, "state": "ok"}], source="test", at=NOW - timedelta(hours=1))

    texted("Asha has died")
    open_cases(at=NOW)

    assert resting() == [("asha", "bereavement"), ("ravi", "bereavement")]
    assert len(rests_for(Case.objects.get(), LATER)) == 2


def test_other_words_are_of_whoever_was_written_to_last():
    texted("I have paid")

    assert resting() == [("asha", "already_paid")]


@pytest.mark.parametrize(
    "gone", [{"until": NOW - timedelta(hours=2)}, {"state": "wrong_person"}, {"address_id": "far-phone"}]
)
def test_who_has_the_phone_no_more_is_left_as_they_are(gone):
    point = {
        "contact_point_id": "ravi-at-sms",
        "person_id": "ravi",
        "channel": "sms",
        "address_id": "ravi-phone",
    }
    record("contact_points", [{**point, "state": "ok", **gone}], source="test", at=NOW - timedelta(hours=1))

    texted("STOP")

    assert stopped() == [("asha", "sms")]


def test_of_a_shared_phone_to_which_nothing_was_sent_a_death_rests_everybody_and_other_words_wait_for_a_person():
    Message.objects.all().delete()

    assert texted("What is this number?") == "unplaced"
    assert texted("My husband died") == "reply"

    assert (Unplaced.objects.count(), Answer.objects.count()) == (1, 1)
    assert resting() == [("asha", "bereavement"), ("ravi", "bereavement")]


def test_a_stop_in_what_is_left_of_a_long_text_stops_for_everybody():
    part = Answered("sms", PHONE, "1234", "STOP", NOW, part=(7, 2, 1), raw=b"STOP")
    take_text(part, at=NOW)

    assert read_left_behind(at=LATER) == 1

    assert {it.person_id for it in FACTS["consents"].objects.filter(withdrawn_at=LATER)} == {"asha", "ravi"}


@pytest.fixture
def box():
    """They share a mailbox too; a mail went to Ravi."""
    box = "house@example.org"
    for person in ("asha", "ravi"):
        Address.objects.create(address_id=f"{person}-box", channel="email", value=box, index=blind(box))
        point = {"contact_point_id": f"{person}-at-email", "address_id": f"{person}-box", "channel": "email"}
        record("contact_points", [{**point, "person_id": person, "state": "ok"}], source="test", at=NOW)
    Message.objects.filter(person_id="ravi").update(
        channel="email", state="accepted", ended_at=NOW, address_id="ravi-box"
    )


def test_a_stop_from_a_shared_mailbox_stops_the_mails_to_everybody_who_has_it(box):
    take_mail(b"From: House@example.org\r\nMessage-ID: <a@b>\r\nSubject: STOP\r\n\r\n", at=NOW)
    take_mail(b"From: House@example.org\r\nMessage-ID: <a@b>\r\nSubject: STOP\r\n\r\n", at=NOW)

    assert stopped() == [("asha", "email"), ("ravi", "email")]
    assert [it.person_id for it in Answer.objects.all()] == ["ravi"]


def test_whoever_answers_for_another_from_a_mailbox_of_their_own_speaks_of_the_other_alone(box):
    raw = (
        b"From: house@example.org\r\nIn-Reply-To: <far@lender.example>\r\nSubject: Re: x\r\n\r\nFar has died"
    )
    Message.objects.filter(person_id="far").update(channel="email", state="accepted", ended_at=NOW)

    take_mail(raw, at=NOW)

    assert resting() == [("far", "bereavement")]


def test_a_press_on_spam_in_a_shared_mailbox_stops_the_mails_to_everybody_who_has_it(box):
    raw = (
        b'From: fbl@mail.example\r\nContent-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n--b\r\n"
        b"Content-Type: message/rfc822\r\n\r\nMessage-ID: <ravi@lender.example>\r\nSubject: x\r\n\r\nhi\r\n--b--\r\n"
    )

    assert take_mail(raw, at=NOW) == "spam_report"

    assert stopped() == [("asha", "email"), ("ravi", "email")]


class TestPuttingItRight:
    def case(self):
        texted("Asha has died")
        open_cases(at=NOW)
        return Case.objects.get()

    def test_a_mistake_is_put_right_for_everybody_at_once(self):
        case = self.case()

        assert may_go_on(case=case, by=member("lead", "north"), at=LATER) == 2

        assert rests_for(case, LATER) == []

    def test_whoever_lives_is_written_to_again_while_the_other_is_left_in_peace(self):
        case, lead = self.case(), member("lead", "north")

        assert may_go_on(case=case, by=lead, at=LATER, only="ravi") == 1

        assert [it.person_id for it in rests_for(case, LATER)] == ["asha"]
        with pytest.raises(NothingRests):
            may_go_on(case=case, by=lead, at=LATER, only="ravi")

    def test_who_has_given_the_phone_away_meanwhile_is_still_put_right(self):
        case = self.case()
        point = {
            "contact_point_id": "ravi-at-sms",
            "person_id": "ravi",
            "channel": "sms",
            "address_id": "far-phone",
        }
        record("contact_points", [{**point, "state": "ok"}], source="test", at=LATER)

        assert may_go_on(case=case, by=member("lead", "north"), at=LATER, only="ravi") == 1

    def test_of_another_branch_only_who_sees_it_puts_it_right(self):
        case = self.case()
        Person.objects.filter(pk="ravi").update(branch="south")

        assert may_go_on(case=case, by=member("lead", "north"), at=LATER) == 1
        assert may_go_on(case=case, by=member("lead", name="all", every_branch=True), at=LATER) == 1

    def test_whoever_closes_the_case_ends_it_for_those_whom_they_see(self):
        case, lead = self.case(), member("lead", "north")
        may_go_on(case=case, by=lead, at=LATER, only="asha")
        Person.objects.filter(pk="ravi").update(branch="south")

        close(case=case, outcome="solved", words="", by=lead, at=LATER, rest="ends")

        assert [it.person_id for it in rests_for(case, LATER)] == ["ravi"]

    def test_the_desk_names_those_who_rest_with_her(self, client):
        case = self.case()
        Person.objects.filter(pk="ravi").update(name="Ravi Das")
        lead = signed_in(client, member("lead", "north"))

        assert "Ravi Das" in lead.get(f"/desk/cases/{case.pk}/").content.decode()
        lead.post(f"/desk/cases/{case.pk}/go-on", {"only": "ravi"})

        assert "Ravi Das" not in lead.get(f"/desk/cases/{case.pk}/").content.decode()
        assert [it.person_id for it in rests_for(case, LATER + timedelta(days=9_000))] == ["asha"]

    def test_the_desk_names_nobody_of_another_branch(self, client):
        case = self.case()
        Person.objects.filter(pk="ravi").update(name="Ravi Das", branch="south")

        page = signed_in(client, member("lead", "north")).get(f"/desk/cases/{case.pk}/").content.decode()

        assert "Ravi Das" not in page
