"""Staff take an application through its way: ask, look, review, answer with reasons; she sees every step of it."""

import io
import re
from contextlib import suppress
from datetime import timedelta

import pytest
from PIL import Image

from tests.people import loan, someone
from tests.portal import NOW, signed_in_as
from tests.recording import recorded
from tests.staff import member, outsider, signed_in
from tests.web.scene import an_application
from tideover.access.models import AuditRow, Staff
from tideover.book.applications.deciding import review
from tideover.book.applications.models import Application, Upload
from tideover.book.applications.offered import read_offered
from tideover.book.applications.refusals import SameLooker
from tideover.book.models import FACTS
from tideover.support.models import Case

pytestmark = pytest.mark.django_db
OFFERED = read_offered()
NO = {
    "reason": ["too_little_left"],
    "source": ["application", "credit_register"],
    "reach-credit_register": "Record Office, Leeds",
}


@pytest.fixture
def applied():
    recorded(someone("outsider"), at=NOW)
    return an_application("asha")


@pytest.fixture
def desk(client, applied):
    return signed_in(client, member("lead", "north"))


@pytest.fixture
def hers(client, applied):
    return signed_in_as(type(client)(), "asha")


def shown(client, address):
    return client.get(address).content.decode()


def state(applied):
    return Application.objects.get(pk=applied.pk).state


def test_what_waits_is_listed_by_the_day_she_hears_from_us_and_opens(desk, applied):
    assert "Wednesday 2 December" in shown(desk, "/desk/applications/")
    assert "£1,200.00" in shown(desk, f"/desk/applications/{applied.pk}/")


def test_a_paper_is_looked_at_refused_with_words_and_asked_for_again(desk, hers, applied):
    picture = io.BytesIO()
    Image.new("RGB", (400, 300)).save(picture, "PNG")
    picture.seek(0)
    hers.post(f"/me/applications/{applied.pk}/documents/identity/", {"camera": picture})
    page = f"/desk/applications/{applied.pk}"

    assert desk.get(f"{page}/files/{Upload.objects.get().pk}/").content.startswith(b"\xff\xd8\xff")
    desk.post(f"{page}/look-at", {"kind": "identity", "is": "not", "words": "One corner is cut off."})
    desk.post(f"{page}/ask-for", {"kind": ["account"]})

    assert state(applied) == "documents_missing"
    assert "One corner is cut off." in shown(hers, f"/me/applications/{applied.pk}/documents/identity/")
    assert "A statement of your bank account" in shown(hers, f"/me/applications/{applied.pk}/")
    assert AuditRow.objects.filter(action="document_opened").exists()


def test_a_paper_is_not_refused_without_words(desk, applied):
    answer = desk.post(
        f"/desk/applications/{applied.pk}/look-at", {"kind": "identity", "is": "not"}, follow=True
    )

    assert "Say in a few plain words" in answer.content.decode()


def declined(desk, applied, **about):
    desk.post(f"/desk/applications/{applied.pk}/review")
    return desk.post(
        f"/desk/applications/{applied.pk}/decline", {**NO, **about}, follow=True
    ).content.decode()


def test_a_no_has_reasons_and_says_whose_data_it_rests_on_and_how_to_reach_them(desk, hers, applied):
    assert "A no has at least one reason" in declined(desk, applied, reason=[])
    assert "Say whose data was used" in declined(desk, applied, source=[])
    assert "Write the name and address" in declined(desk, applied, **{"reach-credit_register": " "})
    assert state(applied) == "under_review"

    declined(desk, applied)

    page = shown(hers, f"/me/applications/{applied.pk}/answer/")
    assert "after your usual costs too little would be left" in page
    assert "Record Office, Leeds" in page
    assert "free of charge" in page


def test_one_press_and_a_person_looks_again_and_two_presses_are_one_case(desk, hers, applied):
    declined(desk, applied)

    for _ in range(2):
        hers.post(f"/me/applications/{applied.pk}/answer/", {"said": "My rent is lower now"})

    case = Case.objects.get()
    assert (case.kind, case.subject, case.branch, case.said) == (
        "application_review",
        applied.pk,
        "north",
        "My rent is lower now",
    )
    assert "A person looks at it again" in shown(hers, f"/me/applications/{applied.pk}/answer/")
    assert "Asked to be looked at again" in shown(desk, "/desk/applications/")


def asked_again(desk, hers, applied):
    declined(desk, applied)
    hers.post(f"/me/applications/{applied.pk}/answer/", {"said": "My rent is lower now"})
    return f"/desk/applications/{applied.pk}"


def colleague(client):
    return signed_in(type(client)(), member("agent", "north", name="colleague"))


def test_whoever_said_no_does_not_judge_their_own_no(client, desk, hers, applied):
    page = asked_again(desk, hers, applied)

    answer = desk.post(f"{page}/review", follow=True).content.decode()

    assert "You said no, so somebody else does." in answer
    assert "Look at it again</button>" not in answer
    assert state(applied) == "declined"

    other = colleague(client)
    assert "Look at it again</button>" in shown(other, f"{page}/")
    other.post(f"{page}/review")
    for do in ("approve", "decline"):
        desk.post(f"{page}/{do}", NO)
    assert state(applied) == "under_review"
    other.post(f"{page}/decline", NO)
    assert state(applied) == "declined"


def test_of_two_who_said_no_neither_looks_a_third_time(client, desk, hers, applied):
    page, other = asked_again(desk, hers, applied), colleague(client)
    other.post(f"{page}/review")
    other.post(f"{page}/decline", NO)
    hers.post(f"/me/applications/{applied.pk}/answer/", {"said": "Please look once more"})

    for one in (desk, other):
        one.post(f"{page}/review")

    assert state(applied) == "declined"


def test_before_she_asks_a_no_is_taken_back_by_whoever_said_it(desk, applied):
    declined(desk, applied)

    desk.post(f"/desk/applications/{applied.pk}/review")

    assert state(applied) == "under_review"


@pytest.mark.parametrize(("hours", "stands"), [(2, "declined"), (13, "under_review")])
def test_a_lender_of_one_person_sleeps_over_it(desk, hers, applied, settings, hours, stands):
    settings.ONE_PERSON = True
    asked_again(desk, hers, applied)
    lead = Staff.objects.get(role="lead")

    at = Application.objects.get(pk=applied.pk).decided_at + timedelta(hours=hours)
    with suppress(SameLooker):
        review(application=applied, offered=OFFERED, by=lead, at=at)

    assert state(applied) == stands


def test_a_second_look_can_end_in_a_yes_and_the_money(client, desk, hers, applied):
    page = asked_again(desk, hers, applied)
    desk = colleague(client)

    desk.post(f"{page}/review")
    desk.post(f"{page}/approve", {"loan": "asha-loan-1"})
    assert "Read all the terms" in shown(hers, f"/me/applications/{applied.pk}/")
    desk.post(f"{page}/pay-out", {"loan": ""})

    assert state(applied) == "disbursed"
    assert "The money is on its way" in shown(hers, f"/me/applications/{applied.pk}/")
    assert FACTS["milestones"].objects.filter(step="disbursed").count() == 1


def test_a_loan_of_somebody_else_is_none_of_hers(desk, applied):
    recorded(someone("ben"), loan("ben"), at=NOW)
    desk.post(f"/desk/applications/{applied.pk}/review")

    answer = desk.post(f"/desk/applications/{applied.pk}/approve", {"loan": "ben-loan-1"}, follow=True)

    assert "no loan of hers" in answer.content.decode()
    assert state(applied) == "under_review"


def test_a_yes_without_a_loan_says_that_the_terms_come_before_she_signs(desk, hers, applied):
    desk.post(f"/desk/applications/{applied.pk}/review")
    desk.post(f"/desk/applications/{applied.pk}/approve")

    assert "all the terms before you sign" in shown(hers, f"/me/applications/{applied.pk}/")


def test_a_yes_before_a_review_is_refused_and_said(desk, applied):
    answer = desk.post(f"/desk/applications/{applied.pk}/approve", follow=True)

    assert "cannot become" in answer.content.decode()
    assert state(applied) == "received"


def test_staff_of_another_branch_see_nothing_of_it(client, applied):
    other = signed_in(client, outsider())

    assert applied.pk not in shown(other, "/desk/applications/")
    assert other.get(f"/desk/applications/{applied.pk}/").status_code == 404
    assert other.post(f"/desk/applications/{applied.pk}/review").status_code == 404
    assert state(applied) == "received"


def test_strangers_and_those_who_let_people_in_see_nobody(client, applied):
    assert client.get("/desk/applications/").url.startswith("/staff/sign-in/")
    assert signed_in(client, member("admin")).get("/desk/applications/").status_code == 403


def test_the_trail_names_nobody(desk, hers, applied):
    declined(desk, applied)

    told = [str((row.actor_id, row.about, row.detail)) for row in AuditRow.objects.all()]

    assert not any("asha" in it or "Record Office" in it for it in told)


TERMS = {
    "principal": "1,200.00", "rate": "12", "payments": "12", "rhythm": "monthly", "first_on": "2026-12-28",
    "paid_out_on": "2026-11-25", "fee": "1.00",
}  # fmt: skip
VALUES = """
products:
  any:
    withdrawal: {en: "14 days", bn: "১৪ দিন", lv: "14 dienas", vi: "14 ngày", fa: "۱۴ روز"}
    late_charges: []
"""


@pytest.fixture
def says_all(settings, tmp_path):
    """A lender who has said what a late payment costs and how long she can change her mind."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "values.yaml").write_text(VALUES, "utf-8")
    settings.CONTENT = tmp_path / "own"


def offered(desk, applied, **about):
    page = f"/desk/applications/{applied.pk}"
    for do in ("review", "approve"):
        desk.post(f"{page}/{do}")
    return desk.post(f"{page}/offer-terms", {**TERMS, **about}, follow=True).content.decode()


def key_in(page):
    return re.search(r'name="terms" value="(\w+)"', page)[1]


def test_she_reads_every_term_answers_five_questions_and_agrees_before_any_loan_exists(
    says_all, desk, hers, applied
):
    loans = FACTS["loans"].objects.filter(borrower_id="asha").count()
    assert "Written down" in offered(desk, applied)
    page = f"/me/applications/{applied.pk}/terms/"
    assert page in shown(hers, f"/me/applications/{applied.pk}/")

    read = shown(hers, page)
    for said in ("£1,200.00", "12.0%", "Nothing is agreed before", "28 December", "14 days"):
        assert said in read
    assert read.count("<tr>") == 13
    first = shown(hers, f"{page}understood/")
    assert f"{page}understood/rate/" in first
    assert "What is the interest a year" in shown(hers, f"{page}understood/rate/")
    assert hers.post(f"{page}understood/rate/", {"answer": "0"}).url == f"{page}understood/rate/"

    paid = desk.post(f"/desk/applications/{applied.pk}/pay-out", {"loan": "asha-loan-1"}, follow=True)
    assert "She has not agreed to the terms." in paid.content.decode()
    told = {"terms": key_in(shown(hers, f"{page}agree/")), "name": "Asha Rahman"}
    assert hers.post(f"{page}agree/", {**told, "name": ""}).status_code == 422
    for _ in range(2):
        assert "You agreed to these terms" in hers.post(f"{page}agree/", told, follow=True).content.decode()

    assert FACTS["loans"].objects.filter(borrower_id="asha").count() == loans
    assert "as <bdi>Asha Rahman</bdi>" in shown(desk, f"/desk/applications/{applied.pk}/")
    desk.post(f"/desk/applications/{applied.pk}/pay-out", {"loan": "asha-loan-1"})
    assert state(applied) == "disbursed"


def test_terms_with_a_part_missing_are_read_and_not_agreed(desk, hers, applied):
    offered(desk, applied)

    page = shown(hers, f"/me/applications/{applied.pk}/terms/")

    assert "What a late payment costs" in page
    assert "You can agree as soon as every part stands here." in page
    assert "/terms/agree/" not in page


def test_she_says_no_or_asks_a_person(says_all, desk, hers, applied):
    offered(desk, applied)
    page = f"/me/applications/{applied.pk}/terms/"

    hers.post(
        f"/me/applications/{applied.pk}/ask/", {"about": "terms", "said": "Can it be longer?", "once": "k"}
    )
    said = hers.post(f"{page}refuse/", {"terms": key_in(shown(hers, page))}, follow=True).content.decode()

    assert "nothing is agreed" in said
    assert Case.objects.get(kind="question").said == "[terms] Can it be longer?"
    assert "she said no to them" in shown(desk, f"/desk/applications/{applied.pk}/")
    assert "Offer other terms" in shown(desk, f"/desk/applications/{applied.pk}/")


@pytest.mark.parametrize(
    "about",
    [{"rate": "much"}, {"payments": "0"}, {"first_on": "soon"}, {"principal": "x"}, {"rhythm": "daily"}],
)
def test_numbers_that_make_no_loan_are_said_and_nothing_is_offered(desk, hers, applied, about):
    offered(desk, applied, **about)

    assert hers.get(f"/me/applications/{applied.pk}/terms/").status_code == 404


def test_nobody_else_reads_them_or_agrees(says_all, client, desk, hers, applied):
    offered(desk, applied)
    key = key_in(shown(hers, f"/me/applications/{applied.pk}/terms/"))
    other = signed_in_as(type(client)(), "outsider")

    for page in ("", "agree/", "understood/", "understood/rate/"):
        assert other.get(f"/me/applications/{applied.pk}/terms/{page}").status_code == 404
    for page in ("agree/", "refuse/"):
        told = {"terms": key, "name": "Otto"}
        assert other.post(f"/me/applications/{applied.pk}/terms/{page}", told).status_code == 404
    assert "You agreed" not in shown(hers, f"/me/applications/{applied.pk}/terms/")
