"""A look at the demo: a message, why it came, a payment, and what follows; and the link in it, pressed and undone."""

import pytest

from tests.web.conftest import clock  # noqa: F401 - a fixture
from tests.web.scene import a_night
from tideover.delivery.links import token
from tideover.delivery.models import Answer, Message

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_borrower_pays_and_is_left_in_peace_and_stops_what_she_gets(page, live_server, settings):
    settings.DEMO = True
    a_night()
    message = Message.objects.get(person_id="mary")

    page.goto(f"{live_server.url}/mailbox/")
    page.get_by_role("link", name="Mary Price").click()
    page.get_by_role("heading", name="Why this, why now").wait_for()
    page.get_by_label("Answer in your own words").fill("I will pay on Friday")
    page.get_by_role("button", name="Send the answer").click()
    page.get_by_text("The answer has arrived").wait_for()
    page.get_by_label("I have paid").fill("100.00")
    page.get_by_role("button", name="Record the payment").click()
    page.get_by_text("The payment is in the book").wait_for()
    page.get_by_role("button", name="Decide again").press("Enter")  # a reloaded page may scroll under a mouse
    page.locator("#next").get_by_text("We chose not to contact you").wait_for()

    page.goto(f"{live_server.url}/a/{token(message, 'help')}")
    page.get_by_role("button", name="Stop these messages").click()
    page.get_by_text("We have stopped these messages").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Undone").wait_for()

    assert list(Answer.objects.order_by("pk").values_list("kind", flat=True)) == ["unclear", "stop"]
