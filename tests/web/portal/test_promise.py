"""Her own day, pressed on her page or behind a link: a receipt, a calendar entry, an undo, and nobody else's loan."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from tests.people import TODAY, held, late, loan, outsider, schedule
from tests.portal import NOW, signed_in_as
from tests.recording import recorded
from tests.web.scene import a_message
from tideover.book.models import FACTS
from tideover.delivery.links import token
from tideover.repayment.promises import promise_to_pay
from tideover.repayment.promises.models import Promise

pytestmark = pytest.mark.django_db
CHOOSE = "/me/promise/"
FRIDAY = "2026-11-27"


@pytest.fixture
def asha(client):
    recorded(late("asha"), outsider())
    return signed_in_as(client, "asha")


def told():
    return list(
        FACTS["promises"].objects.order_by("recorded_at", "id").values_list("loan_id", "on", "amount", "end")
    )


def test_whoever_is_not_signed_in_signs_in_first(client):
    assert client.get(CHOOSE).url == "/me/sign-in/?next=%2Fme%2Fpromise%2F"


def test_opening_the_page_writes_nothing_and_shows_days_to_press(asha):
    page = asha.get(CHOOSE).content.decode()

    assert "Which day suits you?" in page
    assert f'value="{FRIDAY}"' in page
    assert "£100.00 is to be paid now." in page
    assert told() == []


def test_one_tap_is_a_promise_with_a_receipt(asha):
    page = asha.post(CHOOSE, {"on": FRIDAY}, follow=True).content.decode()

    assert "You chose Friday 27 November 2026." in page
    assert told() == [("asha-loan-1", date(2026, 11, 27), 10_000, None)]


def test_two_taps_on_the_same_day_are_one_promise(asha):
    first, second = (asha.post(CHOOSE, {"on": FRIDAY}) for _ in range(2))

    assert first.url == second.url
    assert Promise.objects.count() == 1


@pytest.mark.parametrize(("typed", "says"), [
    ({"on": ""}, "Please choose a day."),
    ({"on": "2026-11-24"}, "This day has passed."),
    ({"on": "2027-11-24"}, "too far ahead"),
    ({"on": FRIDAY, "amount": "1,000,000"}, "amount above zero"),
    ({"on": FRIDAY, "amount": "a lot"}, "amount above zero"),
])  # fmt: skip
def test_what_cannot_be_is_said_on_top_and_stays_as_typed(asha, typed, says):
    response = asha.post(CHOOSE, typed)
    page = response.content.decode()

    assert response.status_code == 422
    assert page.count(says) >= 2
    assert all(f'value="{it}"' in page for it in typed.values())
    assert told() == []


def test_another_amount_for_one_of_two_loans(asha):
    recorded(loan("asha", number=2), schedule("asha", [TODAY - 2, TODAY + 28], number=2, amount=7_000))

    asha.post(CHOOSE, {"on": FRIDAY, "amount": "12.50", "loan": "asha-loan-2"})

    assert told() == [("asha-loan-2", date(2026, 11, 27), 1_250, None)]


def test_an_undo_takes_it_back(asha):
    receipt = asha.post(CHOOSE, {"on": FRIDAY}).url

    page = asha.post(f"{receipt}undo/", follow=True).content.decode()
    asha.post(f"{receipt}undo/")

    assert "taken back" in page
    assert told()[-1][3] == "withdrawn"


def test_the_entry_for_her_calendar_says_no_word_of_money(asha):
    receipt = asha.post(CHOOSE, {"on": FRIDAY}).url

    response = asha.get(f"{receipt}reminder.ics")

    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert event["dtstart"].dt == date(2026, 11, 27)
    text = response.content.decode().lower()
    assert not any(word in text for word in ("pay", "debt", "loan", "£", "promise", "asha"))
    assert "reminder from" in text


def test_nobody_elses_promise_or_loan_is_there(asha):
    receipt = asha.post(CHOOSE, {"on": FRIDAY}).url
    stranger = signed_in_as(Client(), "outsider")

    for address in (receipt, f"{receipt}reminder.ics"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{receipt}undo/").status_code == 404
    assert stranger.post(CHOOSE, {"on": FRIDAY, "loan": "asha-loan-1"}).status_code == 404
    assert [it for it in told() if it[0] != "asha-loan-1" or it[3]] == []


def test_where_the_claim_is_too_old_no_day_is_asked_for(asha):
    recorded(held("asha", "time_barred", loan="asha-loan-1"))

    page = asha.get(CHOOSE).content.decode()
    asha.post(CHOOSE, {"on": FRIDAY})

    assert "Please talk with us first" in page
    assert "Which day" not in page
    assert told() == []


def test_the_page_asks_the_same_number_of_questions_for_one_loan_or_many(asha, django_assert_max_num_queries):
    for number in range(2, 9):
        recorded(loan("asha", number=number), schedule("asha", [TODAY - 2], number=number))

    with django_assert_max_num_queries(18):
        asha.get(CHOOSE)


@pytest.fixture
def link():
    recorded(late("asha"), outsider())
    return f"/a/{token(a_message('asha', language='lv', send_at=NOW - timedelta(hours=1)), 'promise')}"


def test_behind_a_link_days_are_shown_and_nothing_else(client, link):
    page = client.get(link).content.decode()

    assert "27." in page
    assert not any(word in page for word in ("£", "100", "asha", "parād"))
    assert 'lang="lv"' in page
    assert told() == []


def test_two_taps_from_a_link_choose_a_day_and_a_third_undoes_it(client, link):
    response = client.post(link, {"on": FRIDAY})
    receipt = client.get(response.url).content.decode()
    key = re.search(r'name="undo" value="(\d+)"', receipt).group(1)

    assert told() == [("asha-loan-1", date(2026, 11, 27), 10_000, None)]
    client.post(link, {"undo": key})
    assert told()[-1][3] == "withdrawn"


def test_a_link_opens_no_promise_of_anybody_else(client, link):
    stranger = signed_in_as(Client(), "outsider")
    other = stranger.post(CHOOSE, {"on": FRIDAY}).url.split("/")[-2]

    page = client.get(f"{link}?done={other}").content.decode()
    client.post(link, {"undo": other})

    assert 'name="undo"' not in page
    assert all(it[3] is None for it in told())


def test_a_link_opens_no_promise_from_before_its_message(client, link):
    made = promise_to_pay(
        person_id="asha",
        loan_ids=["asha-loan-1"],
        on=date(2026, 11, 30),
        origin="self",
        at=NOW - timedelta(hours=2),
    )

    page = client.get(f"{link}?done={made.promise.pk}").content.decode()
    client.post(link, {"undo": str(made.promise.pk)})

    assert 'name="undo"' not in page
    assert [it[3] for it in told()] == [None]


def test_a_link_for_one_thing_does_no_other(client, link):
    answer = f"/a/{token(a_message('asha', number=2), 'help')}"

    client.post(answer, {"on": FRIDAY})

    assert told() == []
