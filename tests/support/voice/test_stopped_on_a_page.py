"""What stops when somebody writes from her account that something has to stop."""

import pytest

from tests.people import AT, DAY, fresh_payments, late
from tests.recording import NOW, recorded
from tests.web.scene import a_message
from tideover.book.models import FACTS
from tideover.delivery.models import Message
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped
from tideover.support.models import Case
from tideover.support.voice.talking import write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asha(settings, tmp_path):
    settings.DATA = tmp_path
    recorded(late("asha"), fresh_payments(AT + DAY))
    ensure_shipped(at=NOW)


def written(text, language="en"):
    """She writes it from a page; the channels that have stopped since."""
    write(person_id="asha", text=text, at=NOW, once="1", language=language)
    return set(FACTS["consents"].objects.filter(withdrawn_at=NOW).values_list("channel", flat=True))


def test_a_stop_of_texts_stops_texts_and_leaves_her_account_and_her_mail():
    for number, channel in enumerate(("sms", "app", "email"), 1):
        a_message("asha", channel=channel, number=number)

    assert written("Please stop sending me text messages") == {"sms"}

    waiting = Message.objects.filter(state="queued").values_list("channel", flat=True)
    assert set(waiting) == {"app", "email"}
    confirmed = Decision.objects.get(purpose="opt_out_confirmed")
    assert (confirmed.channel, confirmed.values["stopped"]) == ("app", "sms")
    assert Case.objects.get().kind == "question"


@pytest.mark.parametrize(
    ("language", "text", "stopped"),
    [
        ("en", "Please stop the e-mails and the letters", {"email", "letter"}),
        ("en", "I want you to stop. Call me instead", {"all"}),
        ("en", "STOP", {"all"}),
        ("bn", "এসএমএস পাঠানো বন্ধ করুন", {"sms"}),
        ("lv", "Lūdzu, beidziet sūtīt īsziņas. STOP", {"sms"}),
        ("lv", "STOP zvaniem", {"call"}),
        ("vi", "Xin dừng gửi tin nhắn. STOP", {"sms"}),
        ("fa", "لطفا پیامک نفرستید. لغو", {"sms"}),
    ],
)
def test_it_stops_what_it_names_in_her_language_and_else_all(language, text, stopped):
    assert written(text, language) == stopped


def test_what_is_no_stop_stops_nothing():
    assert written("I got your letter. When is my next payment due?") == set()
