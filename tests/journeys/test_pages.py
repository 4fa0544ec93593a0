"""Every page, looked at by day and by night, narrow and wide."""

from datetime import timedelta

import pytest

from tests.journeys.looking import looked_at
from tests.staff import member
from tests.web.conftest import clock  # noqa: F401 - a fixture
from tests.web.scene import NOW, PEOPLE, a_case, a_decision, a_message, a_night
from tideover.delivery.links import token
from tideover.delivery.models import Answer, Message
from tideover.strategy.stops import press

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = ("light", "dark")
CHANNELS = {"asha": "sms", "elina": "letter", "mary": "email", "helen": "push", "alice": "call"}


def come_in(page, client, live_server, staff):
    client.force_login(staff)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


def test_messages_and_what_their_links_open(page, live_server, settings):
    settings.DEMO = True
    page.goto(f"{live_server.url}/mailbox/")
    looked_at(page, "mailbox-empty")
    a_night()
    for person, channel in CHANNELS.items():
        Message.objects.filter(person_id=person).update(channel=channel)

    page.goto(f"{live_server.url}/mailbox/")
    looked_at(page, "mailbox", schemes=BOTH)
    for person, channel in CHANNELS.items():
        message = Message.objects.get(person_id=person)
        page.goto(f"{live_server.url}/mailbox/{message.pk}/")
        looked_at(page, f"message-{channel}", schemes=BOTH)
        page.goto(f"{live_server.url}/a/{token(message, 'help')}")
        looked_at(page, f"link-{PEOPLE[person][0]}", schemes=BOTH)
    Answer.objects.create(
        message=message, person_id=person, channel="sms", kind="stop", certain=True, at=NOW, outside_id="a"
    )
    page.goto(f"{live_server.url}/a/{token(message, 'help')}?done=stop")
    looked_at(page, "link-done", schemes=BOTH)


def test_the_desk(page, live_server, client):
    come_in(page, client, live_server, member("lead", "north", name="asha"))
    page.goto(f"{live_server.url}/desk/")
    looked_at(page, "desk-empty")
    page.goto(f"{live_server.url}/desk/queue/")
    looked_at(page, "queue-empty")
    a_night()
    a_message("mary", number=7, state="suppressed", because="no_longer_useful", ended_at=NOW)
    a_message("mary", number=8, state="suppressed", because="hold_bereavement", ended_at=NOW)
    owed = a_decision("mary", step="us_claim_letter", purpose="claim_letter")
    duty = a_message(
        "mary",
        decision=owed,
        number=9,
        purpose="claim_letter",
        purpose_class="duty",
        state="rejected",
        ended_at=NOW,
    )
    a_case("alice", kind="danger", said="نمی‌توانم ادامه بدهم")
    case = a_case(
        "mary", said="Please call me in the evening, after six.", due_on=NOW.date() + timedelta(days=1)
    )
    a_case(
        "mary", kind="undelivered_duty", from_row=f"message-{duty.pk}", due_on=NOW.date() + timedelta(days=4)
    )
    Answer.objects.create(
        person_id="mary", channel="sms", kind="call_me", certain=True, at=NOW, outside_id="a"
    )
    press(scope="channel:sms", by="Asha", at=NOW)
    pages = {
        "desk": "", "rows": "rows/treatment/?is=contact", "queue": "queue/", "case": f"cases/{case.pk}/",
        "person": "people/mary/", "stop": "stop/", "pay-page": "people/mary/pay-page", "payment-files": "payment-files/",
    }  # fmt: skip
    for name, address in pages.items():
        page.goto(f"{live_server.url}/desk/{address}")
        looked_at(page, name, schemes=BOTH)
