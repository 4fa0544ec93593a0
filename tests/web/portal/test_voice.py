"""Something is wrong, somebody has died, somebody acts for her: said once, answered by a day, and meanwhile it rests."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from tests.people import late, outsider, together
from tests.portal import NOW, signed_in_as
from tests.recording import recorded
from tests.staff import member
from tests.web.conftest import clock  # noqa: F401 - a fixture
from tideover.access.sealing import blind
from tideover.book.models import FACTS, Address
from tideover.delivery.models import Message
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.telling import told_now
from tideover.support.models import Case
from tideover.support.voice.complaints import answer
from tideover.support.voice.death import AlreadyWritten, send_condolence
from tideover.support.voice.models import Complaint, DeathTold, PowerToAct

pytestmark = pytest.mark.django_db
LOAN = "joan-loan-1"


@pytest.fixture(autouse=True)
def joan(clock):  # noqa: F811
    book = together(late("joan"), outsider("far"))
    book["contact_points"] = [
        {**it, "address_id": f"{it['person_id']}-{it['channel']}"} for it in book["contact_points"]
    ]
    recorded(book, at=NOW - timedelta(days=1))
    Address.objects.create(
        address_id="joan-sms", channel="sms", value="+447700900123", index=blind("+447700900123")
    )
    Address.objects.create(address_id="joan-letter", channel="letter", value="1 Quay", index=blind("1 Quay"))
    ensure_shipped(at=NOW - timedelta(days=1))


@pytest.fixture
def hers(client):
    return signed_in_as(client, "joan")


def holds(kind):
    rows = FACTS["holds"].objects.filter(kind=kind).order_by("id")
    return [(it.person_id, it.loan_id, it.until_at is None) for it in rows]


def without_tokens(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())


def complained(client, **about):
    told = {"text": "You took my money twice", "once": "page-1", **about}
    return client.post("/me/complain/", told)


def test_a_complaint_has_a_person_and_a_day(hers):
    page = hers.get(complained(hers).headers["Location"]).content.decode()

    made = Complaint.objects.get()
    assert made.answer_by == NOW.date() + timedelta(days=56)  # eight weeks, in Britain
    assert "You took my money twice" in page
    assert [(it.kind, it.branch, it.due_on) for it in Case.objects.all()] == [
        ("complaint", "north", made.acknowledge_by)
    ]
    assert Decision.objects.get(purpose="complaint_received").person_id == "joan"


def test_what_is_disputed_rests_and_goes_on_once_it_is_answered(hers):
    complained(hers, loan=LOAN, what="dispute")
    assert holds("dispute") == [("joan", LOAN, True)]
    assert told_now("joan", NOW + timedelta(hours=1)).text("treatment") != "contact"

    answer(
        complaint=Complaint.objects.get(),
        text="It was once.",
        by=member("agent", "north"),
        at=NOW + timedelta(hours=2),
    )

    assert holds("dispute")[-1] == ("joan", LOAN, False)


def test_the_same_page_sent_twice_is_one_complaint(hers):
    complained(hers)
    complained(hers)

    assert Complaint.objects.count() == 1
    assert Case.objects.count() == 1


def test_nothing_said_keeps_what_was_typed_beside_it(hers):
    page = complained(hers, text=" ", wish="My money back")

    assert page.status_code == 422
    assert "My money back" in page.content.decode()


def test_a_card_number_is_covered_before_it_is_kept(hers):
    complained(hers, text="My card 4111 1111 1111 1111 was charged")

    assert "4111 1111" not in Complaint.objects.get().text


def test_an_answer_that_does_not_settle_it_opens_it_again_with_a_new_day(hers):
    page = complained(hers).headers["Location"]
    answer(complaint=Complaint.objects.get(), text="It was once.", by=member("agent", "north"), at=NOW)
    assert "Financial Ombudsman Service" in hers.get(page).content.decode()

    hers.post(f"{page}act/", {"do": "again", "text": "No, twice"})

    made = Complaint.objects.get()
    assert (made.state, Case.objects.count()) == ("open", 2)
    assert "No, twice" in made.text


def test_taking_it_back_ends_the_case_and_the_rest(hers):
    page = complained(hers).headers["Location"]

    hers.post(f"{page}act/", {"do": "withdraw"})
    hers.post(f"{page}act/", {"do": "withdraw"})

    assert Case.objects.get().state == "closed"
    assert holds("complaint")[-1] == ("joan", None, False)


def test_somebody_else_finds_nothing(hers):
    page = complained(hers).headers["Location"]
    other = signed_in_as(Client(), "far")

    assert other.get(page).status_code == 404
    assert other.post(f"{page}act/", {"do": "withdraw"}).status_code == 404


@pytest.mark.parametrize("reference", [LOAN, "+44 7700 900123"])
def test_a_death_told_by_a_stranger_stops_everything_at_once(client, reference):
    queued = Message.objects.create(
        contact_id="c", person_id="joan", purpose="gentle_reminder", purpose_class="collection", channel="sms", send_at=NOW,
        due_at=NOW, use_by=NOW + timedelta(days=1), local_day=1, code="A", message_id="m",
    )  # fmt: skip

    client.post("/me/death/", {"who": "Joan Price", "reference": reference, "once": "a"})

    queued.refresh_from_db()
    assert queued.state == "suppressed"
    assert holds("bereavement") == [("joan", None, True)]
    assert Case.objects.get().kind == "death"


def test_whoever_tells_is_answered_alike_known_or_not(client):
    known = client.post("/me/death/", {"who": "Joan", "reference": LOAN, "once": "a"}, follow=True)
    unknown = Client().post("/me/death/", {"who": "Nobody", "reference": "999-9", "once": "b"}, follow=True)

    assert known.status_code == unknown.status_code
    assert without_tokens(known) == without_tokens(unknown)
    assert Case.objects.filter(kind="death").count() == 2


def test_the_family_gets_one_letter_of_sorrow_and_no_second(client):
    client.post("/me/death/", {"who": "Joan", "reference": LOAN, "once": "a"})
    told, agent = DeathTold.objects.get(), member("agent", "north")

    send_condolence(told=told, by=agent, at=NOW + timedelta(hours=1))

    assert Decision.objects.get(purpose="condolence").channel == "letter"
    with pytest.raises(AlreadyWritten):
        send_condolence(told=told, by=agent, at=NOW + timedelta(hours=2))


def test_a_mandate_is_given_and_ended_by_her_alone(hers):
    given = {
        "name": "Ada Law",
        "reach": "ada@law.example",
        "kind": "lawyer",
        "may": ["see", "speak"],
        "months": "3",
    }
    hers.post("/me/adviser/", given)
    made = PowerToAct.objects.get()
    assert (made.until_on, holds("represented")) == (NOW.date() + timedelta(days=90), [("joan", None, True)])

    signed_in_as(Client(), "far").post(f"/me/adviser/{made.pk}/end/")
    assert PowerToAct.objects.get().ended_at is None
    hers.post(f"/me/adviser/{made.pk}/end/")

    assert PowerToAct.objects.get().ended_at is not None
    assert holds("represented")[-1] == ("joan", None, False)


def test_a_mandate_asks_once_more_who_she_is(client):
    page = signed_in_as(client, "joan", proven=False).get("/me/adviser/")

    assert page.headers["Location"].startswith("/me/prove/")


def test_a_clock_in_working_days_rests_on_holidays():
    from tideover.support.voice.clocks import days_for

    assert days_for("LV", date(2026, 12, 23)).acknowledge_by == date(2026, 12, 30)
    assert days_for("XX", date(2026, 12, 23)).basis == "Our own promise"
