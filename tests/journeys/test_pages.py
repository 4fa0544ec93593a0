"""Every page, looked at by day and by night, narrow and wide."""

import pytest

from tests.journeys.looking import looked_at
from tests.staff import member
from tests.web.conftest import clock  # noqa: F401 - a fixture
from tests.web.scene import NOW, PEOPLE, a_night
from tideover.delivery.links import token
from tideover.delivery.models import Answer, Message

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


def test_a_desk_with_nothing_on_it(page, live_server, client):
    come_in(page, client, live_server, member("lead", "north", name="asha"))
    page.goto(f"{live_server.url}/desk/")
    looked_at(page, "desk-empty")
    page.goto(f"{live_server.url}/desk/queue/")
    looked_at(page, "queue-empty")
