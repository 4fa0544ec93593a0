"""The library: found by moment, answered kindly, never scored."""

import pytest

from tests.people import loan, someone
from tests.portal import NOW, signed_in_as
from tests.recording import recorded
from tests.web.scene import a_message
from tideover.book.models import FACTS
from tideover.delivery.links import links_for

pytestmark = pytest.mark.django_db
PAGE = "/me/lessons/paying_on_time/"


@pytest.fixture
def asha(client):
    recorded(someone("asha"), loan("asha"), at=NOW)
    return signed_in_as(client, "asha")


def shown(client, address):
    return client.get(address).content.decode()


def done():
    return list(FACTS["lessons_done"].objects.values_list("person_id", "what", "score"))


def test_strangers_sign_in_first(client):
    assert client.get(PAGE).url.startswith("/me/sign-in/")


def test_lessons_are_listed_by_the_moment_they_are_for(asha):
    page = shown(asha, "/me/lessons/")

    assert page.index("Before a payment") < page.index("When the day has passed")
    assert "How to spot a false message" in page


def test_reading_changes_nothing(asha):
    asha.get(PAGE)
    asha.get(f"{PAGE}?answer=1")

    assert done() == []


@pytest.mark.parametrize(
    ("choice", "says"), [("1", "Yes. Then the money is there"), ("3", "That costs extra every month")]
)
def test_every_answer_is_met_kindly_and_none_is_kept(asha, choice, says):
    page = asha.post(PAGE, {"answer": choice}, follow=True).content.decode()

    assert says in page
    assert done() == [("asha", "paying_on_time", None)]


def test_done_twice_it_is_once_and_said_quietly_in_the_list(asha):
    for _ in range(2):
        asha.post(PAGE, {"answer": "1"})

    assert len(done()) == 1
    assert "· done" in shown(asha, "/me/lessons/")


@pytest.mark.parametrize("answer", ["", "9", "0", "²", "-1"])
def test_without_an_answer_it_is_asked_once_more(asha, answer):
    page = asha.post(PAGE, {"answer": answer})

    assert page.status_code == 400
    assert "Choose one of the answers" in page.content.decode()
    assert done() == []


def test_nothing_is_said_of_a_charge_that_nobody_wrote_down(asha):
    assert "What holds for you stands in your contract" in shown(asha, "/me/lessons/late_payment_cost/")


def test_a_charge_of_the_lender_is_told_as_it_stands_in_the_values(asha, settings, tmp_path):
    five = "{en: A letter, bn: চিঠি, lv: vēstule, vi: thư, fa: نامه}"
    (tmp_path / "values.yaml").write_text(
        f"products:\n  any:\n    late_charges:\n      - {{name: {five}, when: {five}, amounts: {{GBP: 500}}}}\n",
        "utf-8",
    )
    settings.CONTENT = tmp_path

    assert "£5.00" in shown(asha, "/me/lessons/late_payment_cost/")


def test_a_lesson_that_is_not_there_is_not_there(asha):
    assert asha.get("/me/lessons/secrets/").status_code == 404


@pytest.mark.parametrize("language", ["bn", "lv", "vi", "fa"])
def test_it_speaks_her_language(client, asha, language):
    page = signed_in_as(client, "asha", language=language).get("/me/lessons/safe_messages/")

    assert f'<article class="lesson" lang="{language}"' in page.content.decode()


def test_a_message_with_a_lesson_leads_to_it():
    message = a_message("asha", occasion={"lesson": "paying_on_time"})
    message.purpose = "lesson"

    assert links_for(message)["see"].endswith(PAGE)
