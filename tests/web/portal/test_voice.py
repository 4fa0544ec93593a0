"""Her data, complaints, a death, and people who act for her: nothing is lost, nothing is told to others."""

import io
import re
import zipfile
from datetime import timedelta

import pytest

from tests.portal import NOW, signed_in_as
from tests.staff import member
from tests.support.voice.scene import a_customer, holds_of
from tests.web.conftest import clock  # noqa: F401 - a fixture
from tideover.access.models import AuditRow
from tideover.engine.message import LANGUAGES
from tideover.repayment.plans import open_plans_of
from tideover.strategy.models import Decision
from tideover.support.models import Case
from tideover.support.voice.answering import answer
from tideover.support.voice.models import Complaint, DeathTold, PowerToAct

pytestmark = pytest.mark.django_db


@pytest.fixture
def her(client):
    a_customer()
    return signed_in_as(client, "mary")


def shown(client, address):
    return client.get(address).content.decode()


# --- her data


def test_what_we_keep_is_told_in_words_with_addresses_and_numbers(her, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        page = shown(her, "/me/data/")

    assert "Mary Price" in page
    assert "mary@example.org" in page
    assert "<dt>Loans</dt><dd>1</dd>" in page


def test_she_takes_everything_along_and_it_stands_in_the_trail(her):
    answered = her.post("/me/data/download/")

    packed = zipfile.ZipFile(io.BytesIO(answered.content))
    assert "your-data.json" in packed.namelist()
    assert "far" not in packed.read("your-data.json").decode()
    assert AuditRow.objects.get(action="subject_exported").actor_kind == "person"
    assert her.get("/me/data/download/").status_code == 405


def test_to_take_it_along_or_change_an_address_she_shows_once_more_who_she_is(client):
    a_customer()
    signed_in_as(client, "mary", proven=False)

    assert client.post("/me/data/download/").url.startswith("/me/prove/")
    assert client.get("/me/data/correct/phone/").url.startswith("/me/prove/")
    assert client.get("/me/data/correct/name/").status_code == 200


def test_a_correction_is_a_case_with_old_and_new_and_the_old_address_hears_of_it(her):
    for _ in range(2):
        her.post("/me/data/correct/email/", {"new": "new@example.org", "once": "one-page"})

    case = Case.objects.get()
    assert case.kind == "correct_data"
    assert "mary@example.org" in case.said
    assert "new@example.org" in case.said
    assert Decision.objects.get().purpose == "change_asked"


def test_an_empty_correction_is_said_beside_the_field(her):
    page = her.post("/me/data/correct/name/", {"new": " "})

    assert page.status_code == 422
    assert "Write what is right." in page.content.decode()
    assert her.get("/me/data/correct/nothing/").status_code == 404


def test_erasing_says_what_stays_and_is_asked_once(her):
    assert "10 years" in shown(her, "/me/data/erase/")

    for _ in range(2):
        her.post("/me/data/erase/")

    case = Case.objects.get()
    assert (case.kind, case.due_on) == ("erase_data", (NOW + timedelta(days=30)).date())


# --- complaints


def complained(client, **about):
    told = {"said": "You called my mother.", "about": "contact", "loan": "", "wish": "", "once": "one-page"}
    return client.post("/me/complain/", {**told, **about}, follow=True)


def test_a_complaint_in_her_own_words_shows_at_once_where_it_stands(her):
    page = complained(her).content.decode()

    assert "We have it. Thank you for telling us." in page
    assert "20 January 2027" in page
    assert "DISP 1.6.1R" in page
    assert "You called my mother." in page
    assert holds_of("mary") == ["complaint"]
    assert Complaint.objects.count() == 1


def test_nothing_written_keeps_what_else_was_typed(her):
    page = complained(her, said=" ", wish="Say sorry")

    assert page.status_code == 422
    assert "Say sorry" in page.content.decode()
    assert 'aria-invalid="true"' in page.content.decode()


def test_the_answer_its_redress_and_the_next_step_are_on_her_page(her):
    complained(her)
    made = Complaint.objects.get()
    answer(
        complaint=made, decided="upheld", words="We were wrong.", redress="The number is gone.", key="k",
        by=member("agent", "north"), at=NOW + timedelta(minutes=1),
    )  # fmt: skip

    page = shown(her, f"/me/complain/{made.pk}/")

    assert "You are right." in page
    assert "The number is gone." in page
    assert "Financial Ombudsman Service" in page
    her.post(f"/me/complain/{made.pk}/settle/", {"settles": "yes"})
    her.post(f"/me/complain/{made.pk}/settle/", {"settles": "yes"})
    made.refresh_from_db()
    assert made.state == "closed"


def test_a_complaint_of_another_is_not_there(client, her):
    complained(her)
    pk = Complaint.objects.get().pk

    signed_in_as(client, "far")

    assert client.get(f"/me/complain/{pk}/").status_code == 404
    assert client.post(f"/me/complain/{pk}/settle/", {"settles": "yes"}).status_code == 404
    assert complained(client, loan="mary-loan-1").status_code == 404


# --- a death

TOLD = {"who": "Mary Price", "reference": "", "her_address": "", "told_by": "Tom", "reach": "tom@example.org"}


def test_the_answer_is_the_same_for_known_and_unknown(client):
    a_customer()

    pages = [
        client.post(
            "/me/death/", {**TOLD, "reference": number, "once": f"page-{number}"}, follow=True
        ).content
        for number in ("mary-loan-1", "no-such-loan")
    ]

    plain = [re.sub(rb'value="[\w-]{30,}"', b"", it) for it in pages]
    assert plain[0] == plain[1]
    assert holds_of("mary") == ["bereavement"]
    assert sorted(DeathTold.objects.values_list("state", flat=True)) == ["found", "told"]


def test_without_a_name_or_a_way_back_it_is_asked_again_with_what_was_typed(client):
    page = client.post("/me/death/", {**TOLD, "reach": ""})

    assert page.status_code == 422
    assert 'value="Mary Price"' in page.content.decode()
    assert DeathTold.objects.count() == 0


def test_strangers_can_tell_only_so_much_in_an_hour(client):
    answers = [
        client.post("/me/death/", {**TOLD, "once": f"page-{number}"}, REMOTE_ADDR="203.0.113.9").status_code
        for number in range(25)
    ]

    assert answers.count(429) == 5


def test_whoever_lost_somebody_close_is_left_in_peace(her):
    page = her.post(
        "/me/death/close/", {"said": "My father", "once": "one-page"}, follow=True
    ).content.decode()

    assert "25 December" in page
    assert holds_of("mary") == ["bereavement"]


# --- people who act for her


def let_act(client, **about):
    told = {
        "name": "Ann Advice", "reach": "ann@example.org", "may": ["see", "speak"], "until": "2027-03-01", "once": "one-page"
    }  # fmt: skip
    return client.post("/me/adviser/new/", {**told, **about}, follow=True)


def test_she_lets_somebody_act_and_ends_it_with_one_press(her):
    assert "Ann Advice" in let_act(her).content.decode()
    let_act(her)
    power = PowerToAct.objects.get()

    page = her.post(f"/me/adviser/{power.pk}/end/", follow=True).content.decode()

    assert "From now on they see nothing." in page
    power.refresh_from_db()
    assert power.state == "ended"


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"until": "soon"}, "Choose a day"),
        ({"may": []}, "at least one"),
        ({"reach": "x"}, "with its country"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_is_kept(her, about, said):
    page = let_act(her, **about)

    assert page.status_code == 422
    assert said in page.content.decode()
    assert 'value="Ann Advice"' in page.content.decode()


def test_whoever_acts_sees_what_was_allowed_and_she_sees_the_look(client, her):
    let_act(her)
    power = PowerToAct.objects.get()

    signed_in_as(client, power.acts_id)
    assert "Mary Price" in shown(client, "/me/adviser/")
    page = shown(client, f"/me/adviser/for/{power.pk}/")
    signed_in_as(client, "mary")

    assert "Still to pay" in page
    assert "Ann Advice" in shown(client, "/me/adviser/").split("Who looked at your loans")[1]


def test_whoever_may_agree_chooses_a_day_and_a_plan_and_she_sees_it(client, her):
    let_act(her, may=["see", "agree"])
    power = PowerToAct.objects.get()
    there = f"/me/adviser/for/{power.pk}"
    signed_in_as(client, power.acts_id)
    assert f"{there}/day/?loan=mary-loan-1" in shown(client, f"{there}/")

    page = shown(client, f"{there}/day/?loan=mary-loan-1")
    day = re.search(r'name="on" value="([^"]+)"', page)[1]
    assert (
        "It is written down"
        in client.post(f"{there}/day/", {"loan": "mary-loan-1", "on": day}, follow=True).content.decode()
    )
    key = re.search(r'name="key" value="([^"]+)"', shown(client, f"{there}/helps/?loan=mary-loan-1"))[1]
    client.post(f"{there}/helps/", {"loan": "mary-loan-1", "key": key})

    assert client.post(f"{there}/day/", {"loan": "mary-loan-1", "on": "soon"}).status_code == 422
    signed_in_as(client, "mary")
    assert "Ann Advice agreed for you" in shown(client, "/me/adviser/")
    assert open_plans_of("mary")


def test_without_leave_to_agree_there_is_no_such_page(client, her):
    let_act(her)
    pk = PowerToAct.objects.get().pk

    for who in (PowerToAct.objects.get().acts_id, "far", "mary"):
        signed_in_as(client, who)
        for page in ("day", "helps"):
            address = f"/me/adviser/for/{pk}/{page}/"
            assert client.get(f"{address}?loan=mary-loan-1").status_code == 404
            told = {"loan": "mary-loan-1", "on": "2026-12-01", "key": "x"}
            assert client.post(address, told).status_code == 404


def test_others_see_and_end_nothing_of_it(client, her):
    let_act(her)
    pk = PowerToAct.objects.get().pk

    signed_in_as(client, "far")

    assert client.get(f"/me/adviser/for/{pk}/").status_code == 404
    assert client.post(f"/me/adviser/{pk}/end/").status_code == 404
    assert "Ann Advice" not in shown(client, "/me/adviser/")


def test_to_let_somebody_act_she_shows_once_more_who_she_is(client):
    a_customer()
    signed_in_as(client, "mary", proven=False)

    assert client.get("/me/adviser/new/").url.startswith("/me/prove/")


def test_somebody_from_outside_tells_whom_they_act_for_and_learns_nothing(client):
    told = {"for_whom": "Mary Price", "name": "Ann", "reach": "ann@example.org", "once": "one-page"}

    page = client.post("/me/adviser/tell/", told, follow=True).content.decode()

    assert "We say to nobody whether somebody is a customer of ours." in page
    assert Case.objects.get().kind == "acts_for"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_there_in_every_language(client, language):
    a_customer()
    signed_in_as(client, "mary", language=language)
    pages = (
        "data",
        "data/correct",
        "data/correct/loan",
        "data/erase",
        "complain",
        "death",
        "death/close",
        "adviser",
        "adviser/new",
        "adviser/tell",
    )

    for it in pages:
        assert f'lang="{language}"' in shown(client, f"/me/{it}/")
