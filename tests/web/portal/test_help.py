"""Why it is late, what she can spare, what helps: agreed in a press, undone in a press, and nobody else's loan."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.people import TODAY, guarantor_of, held, loan, outsider, reachable, row, someone, together
from tests.portal import NOW, signed_in_as
from tests.recording import recorded
from tideover.book.models import FACTS, ConsentText
from tideover.delivery.models import Answer
from tideover.repayment.loans import loan_of
from tideover.repayment.plans.models import Budget, Confidence, Plan
from tideover.repayment.plans.why import NEEDS, SENSITIVE

pytestmark = pytest.mark.django_db
WHY, OPTIONS, BUDGET = "/me/help/", "/me/help/options/", "/me/help/budget/"
LOAN = "asha-loan-1"


@pytest.fixture
def asha(client):
    steps = [
        row("instalments", loan_id=LOAN, number=n, due_on=TODAY - 20 + 30 * n, principal=9_000, interest=900, fees=100, paid=0)
        for n in range(4)
    ]  # fmt: skip
    about = loan("asha", principal=36_000, annual_rate_ppm=120_000, disbursed_on=TODAY - 50)
    recorded(together(someone("asha"), reachable("asha"), about, {"instalments": steps}, outsider()))
    return signed_in_as(client, "asha")


def text_of(response):
    return unescape(response.content.decode())


def needs():
    return list(FACTS["lateness_reasons"].objects.values_list("need", flat=True))


def option_pages(client):
    return re.findall(r'href="(/me/help/options/[0-9a-f]{16}/\?loan=[^"]+)"', text_of(client.get(OPTIONS)))


def test_rather_not_say_stands_first_and_is_the_one_main_button(asha):
    page = text_of(asha.get(WHY))

    buttons = re.findall(r'<button name="need" value="(\w+)"( class="second")?', page)
    assert [it for it, _ in buttons] == [*NEEDS, *SENSITIVE]
    assert [it for it, second in buttons if not second] == ["rather_not_say"]
    assert needs() == []


def test_one_tap_tells_why_and_leads_to_what_helps(asha):
    response = asha.post(WHY, {"need": "payday_later"})

    assert response.url == OPTIONS
    assert needs() == ["payday_later"]


def test_an_answer_that_is_none_is_asked_again(asha):
    assert asha.post(WHY, {"need": "lazy"}).status_code == 422
    assert needs() == []


def test_what_is_delicate_is_kept_only_after_its_own_yes(asha):
    asked = asha.post(WHY, {"need": "violence"})
    assert not Confidence.objects.exists()
    assert needs() == []

    asha.post("/me/help/confide/", {"need": "violence", "answer": "yes"})

    kept = Confidence.objects.get()
    words = ConsentText.objects.get(pk=kept.text_hash)
    assert words.text in text_of(asked)
    assert (kept.need, words.language, needs()) == ("violence", "en", ["rather_not_say"])


def test_after_a_no_nothing_is_kept(asha):
    asha.post("/me/help/confide/", {"need": "health", "answer": "no"})

    assert not Confidence.objects.exists()
    assert not Answer.objects.exists()
    assert needs() == ["rather_not_say"]


def test_what_was_told_in_confidence_is_deleted_when_she_asks(asha):
    asha.post("/me/help/confide/", {"need": "health", "answer": "yes"})
    assert "Delete what I told in confidence" in text_of(asha.get(WHY))

    asha.post("/me/help/confide/", {"answer": "forget"})

    assert not Confidence.objects.exists()


def test_options_stand_side_by_side_with_their_true_cost(asha):
    page = text_of(asha.get(OPTIONS))

    for words in (
        "Lower costs",
        "Move the date",
        "Pay in parts",
        "Pay each week",
        "Smaller for some months",
        "Pause",
    ):
        assert words in page
    assert "£400.00 is open in all" in page
    assert len(re.findall(r"in all[.,]", page)) >= 6
    assert not Plan.objects.exists()


def test_three_numbers_bring_what_fits_to_the_front(asha):
    asha.post(BUDGET, {"comes_in": "1,500", "goes_out": "1440.00", "payday": "10"})
    page = text_of(asha.get(OPTIONS))

    assert "£60.00 a month" in page
    assert page.index("This fits") < page.index("This is more than you can spare")
    assert page.index("Smaller for some months") < page.index("Pause")


@pytest.mark.parametrize("typed", [
    {"comes_in": "", "goes_out": "5", "payday": ""}, {"comes_in": "5", "goes_out": "five", "payday": ""},
    {"comes_in": "5", "goes_out": "5", "payday": "40"}, {"comes_in": "-5", "goes_out": "5", "payday": "4"},
])  # fmt: skip
def test_numbers_that_cannot_be_read_are_asked_again_and_stay(asha, typed):
    response = asha.post(BUDGET, typed)
    page = text_of(response)

    assert response.status_code == 422
    assert all(f'value="{it}"' in page for it in typed.values())
    assert 'aria-invalid="true"' in page
    assert not Budget.objects.exists()


def agreed(client, kind="Pause"):
    """The page of an option, agreed to."""
    for address in option_pages(client):
        if f"<h1>{kind}</h1>" in text_of(client.get(address)):
            path, loan_id = address.split("?loan=")
            return client.post(path, {"loan": loan_id})
    raise LookupError(kind)


def test_a_press_agrees_and_the_schedule_is_what_was_shown(asha):
    page = text_of(asha.get(agreed(asha).url))

    assert "Your plan is set" in page
    plan = Plan.objects.get()
    steps = loan_of(LOAN, "asha", NOW.replace(hour=20)).open_instalments
    assert [it.due_on.isoformat() for it in steps] == [it[0] for it in plan.agreed["schedule"]]


def test_an_undo_brings_everything_back(asha):
    before = [(it.due_on, it.left) for it in loan_of(LOAN, "asha", NOW).open_instalments]
    receipt = agreed(asha).url

    page = text_of(asha.post(f"{receipt}undo/", follow=True))
    asha.post(f"{receipt}undo/")

    assert "This plan is undone" in page
    assert [
        (it.due_on, it.left) for it in loan_of(LOAN, "asha", NOW.replace(hour=20)).open_instalments
    ] == before


def test_an_option_that_is_no_more_says_so_and_leads_back(asha):
    response = asha.post("/me/help/options/0123456789abcdef/", {"loan": LOAN})

    assert response.status_code == 422
    assert "Something has changed" in text_of(response)
    assert not Plan.objects.exists()


def test_what_a_person_must_agree_to_can_be_asked_for(asha):
    recorded(guarantor_of("asha"))
    assert agreed(asha).status_code == 422
    assert not Plan.objects.exists()

    page = text_of(asha.post("/me/help/review/", follow=True))
    asha.post("/me/help/review/")

    assert "A person looks at everything" in page
    assert Answer.objects.count() == 1
    assert FACTS["holds"].objects.get(person_id="asha").kind == "hardship"


def test_nobody_elses_loan_or_plan_is_there(asha):
    address = option_pages(asha)[0]
    receipt = agreed(asha).url
    stranger = signed_in_as(Client(), "outsider")

    path, loan_id = address.split("?loan=")
    assert stranger.get(address).status_code == 404
    assert stranger.post(path, {"loan": loan_id}).status_code == 404
    assert stranger.get(receipt).status_code == 404
    assert stranger.post(f"{receipt}undo/").status_code == 404
    assert "£400.00" not in text_of(stranger.get(f"{OPTIONS}?loan={LOAN}"))
    assert Plan.objects.get().state == "open"


def test_where_the_claim_is_too_old_nothing_is_held_out(asha):
    recorded(held("asha", "time_barred", loan=LOAN))

    page = text_of(asha.get(OPTIONS))

    assert "Please talk with us first" in page
    assert "Pause" not in page


def test_the_options_page_asks_the_same_number_of_questions_for_one_loan_or_many(
    asha, django_assert_max_num_queries
):
    for number in range(2, 9):
        recorded(loan("asha", number=number))

    with django_assert_max_num_queries(30):
        asha.get(OPTIONS)
