"""Applying and following an application: kept at every step, told before it is asked for, and hers alone."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from tests.people import someone
from tests.portal import NOW, signed_in_as
from tests.recording import recorded
from tests.web.scene import clock_at
from tideover.book.applications.models import Application, Upload
from tideover.book.models import FACTS
from tideover.support.models import Case

pytestmark = pytest.mark.django_db
ANSWERS = {
    "amount": "1,200",
    "purpose": "home",
    "income": "1800",
    "costs": "900.50",
    "goal": "A quiet fridge",
}


@pytest.fixture
def asha(client):
    recorded(someone("asha"), someone("outsider"), at=NOW)
    return signed_in_as(client, "asha")


@pytest.fixture
def begun(asha):
    asha.post("/me/applications/new/", {"product": "household_goods"})
    return Application.objects.get()


@pytest.fixture
def sent(asha, begun):
    for step, said in ANSWERS.items():
        asha.post(f"/me/applications/{begun.pk}/form/{step}/", {"answer": said})
    asha.post(f"/me/applications/{begun.pk}/form/check/")
    begun.refresh_from_db()
    return begun


def shown(client, address):
    return client.get(address).content.decode()


def steps_told():
    return list(FACTS["milestones"].objects.order_by("id").values_list("step", flat=True))


def picture(size=(800, 600), kind="JPEG"):
    made = io.BytesIO()
    Image.new("RGB", size, "white").save(made, kind)
    made.name = "my passport.jpg"
    made.seek(0)
    return made


def test_strangers_sign_in_first(client):
    assert client.get("/me/applications/").url.startswith("/me/sign-in/")


def test_an_application_is_begun_filled_in_and_sent_and_each_step_is_a_fact(asha, sent):
    assert (sent.state, sent.amount, sent.currency) == ("received", 120_000, "GBP")
    assert steps_told() == ["started", "received"]
    page = shown(asha, f"/me/applications/{sent.pk}/")
    assert "£1,200.00" in page
    assert "You hear from us by Wednesday 2 December" in page


def test_what_was_typed_is_kept_at_every_step_and_gone_on_with_from_another_device(client, asha, begun):
    asha.post(f"/me/applications/{begun.pk}/form/amount/", {"answer": "1200"})

    elsewhere = signed_in_as(type(client)(), "asha")
    back = elsewhere.get(f"/me/applications/{begun.pk}/form/")

    assert back.url.endswith("/form/purpose/")
    assert 'value="1200.00"' in shown(elsewhere, f"/me/applications/{begun.pk}/form/amount/")


def test_an_answer_that_cannot_be_read_is_said_beside_the_field_and_stays_there(asha, begun):
    page = asha.post(f"/me/applications/{begun.pk}/form/amount/", {"answer": "a lot"})

    assert page.status_code == 400
    assert 'value="a lot"' in page.content.decode()
    assert 'aria-invalid="true"' in page.content.decode()


def test_too_much_is_answered_with_what_is_possible(asha, begun):
    page = asha.post(f"/me/applications/{begun.pk}/form/amount/", {"answer": "90000"})

    assert "up to £5,000.00" in page.content.decode()


def test_an_application_with_an_open_question_is_not_sent(asha, begun):
    back = asha.post(f"/me/applications/{begun.pk}/form/check/")

    assert back.url.endswith("/form/amount/")
    assert steps_told() == ["started"]


def test_begun_twice_and_sent_twice_it_is_one(asha, sent):
    asha.post(f"/me/applications/{sent.pk}/form/check/")

    assert steps_told() == ["started", "received"]


def test_looking_at_pages_changes_nothing(asha, begun):
    before = (steps_told(), Application.objects.values().get())

    for page in ("", "form/", "form/amount/", "documents/identity/"):
        asha.get(f"/me/applications/{begun.pk}/{page}")

    assert (steps_told(), Application.objects.values().get()) == before


def test_what_is_missing_is_said_at_once_and_a_picture_settles_it(asha, sent):
    assert "identity card or passport" in shown(asha, f"/me/applications/{sent.pk}/")

    answer = asha.post(f"/me/applications/{sent.pk}/documents/identity/", {"camera": picture()})

    assert answer.status_code == 302
    page = shown(asha, f"/me/applications/{sent.pk}/documents/identity/")
    assert "Thank you, it has arrived" in page
    assert "my passport.jpg" in page
    assert steps_told() == ["started", "received", "document_received"]


def test_the_same_picture_twice_is_one(asha, sent):
    for _ in range(2):
        asha.post(f"/me/applications/{sent.pk}/documents/identity/", {"camera": picture()})

    assert Upload.objects.count() == 1


def test_her_own_file_is_handed_out_so_that_nothing_in_it_can_run(asha, sent):
    asha.post(f"/me/applications/{sent.pk}/documents/identity/", {"camera": picture()})

    file = asha.get(f"/me/applications/{sent.pk}/files/{Upload.objects.get().pk}/")

    assert file.content.startswith(b"\xff\xd8\xff")
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in file.headers["Content-Security-Policy"]
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_of_another_kind_is_refused_in_words_and_not_kept(asha, sent):
    page = asha.post(
        f"/me/applications/{sent.pk}/documents/identity/", {"file": io.BytesIO(b"<script>alert(1)</script>")}
    )

    assert page.status_code == 400
    assert "not a picture or a PDF" in page.content.decode()
    assert Upload.objects.count() == 0


def test_a_file_that_is_too_large_is_answered_before_it_is_read(asha, sent):
    page = asha.post(
        f"/me/applications/{sent.pk}/documents/identity/", {"file": io.BytesIO(b"x" * 10_200_000)}
    )

    assert page.status_code == 413
    assert "larger than 10 MB" in page.content.decode()


def test_a_form_from_elsewhere_brings_no_file(asha, sent):
    asha.handler.enforce_csrf_checks = True

    page = asha.post(f"/me/applications/{sent.pk}/documents/identity/", {"camera": picture()})

    assert page.status_code == 403
    assert Upload.objects.count() == 0


def test_withdrawn_and_taken_back_it_stands_where_it_stood(asha, sent):
    asha.post(f"/me/applications/{sent.pk}/withdraw/")
    assert "You withdrew it" in shown(asha, f"/me/applications/{sent.pk}/")

    asha.post(f"/me/applications/{sent.pk}/withdraw/", {"do": "undo"})

    sent.refresh_from_db()
    assert sent.state == "received"


def test_after_a_day_it_is_begun_anew(asha, sent, settings, tmp_path):
    asha.post(f"/me/applications/{sent.pk}/withdraw/")
    later = NOW + timedelta(days=2)
    clock_at(settings, tmp_path, later)

    signed_in_as(asha, "asha", at=later).post(f"/me/applications/{sent.pk}/withdraw/", {"do": "undo"})

    sent.refresh_from_db()
    assert sent.state == "withdrawn"


def test_a_person_is_asked_from_the_very_step_and_two_presses_are_one_question(asha, begun):
    for _ in range(2):
        asha.post(
            f"/me/applications/{begun.pk}/ask/",
            {"said": "Is pay before tax?", "about": "income", "once": "x1"},
        )

    case = Case.objects.get()
    assert (case.kind, case.person_id, case.subject) == ("question", "asha", begun.pk)
    assert "income" in case.said


@pytest.mark.parametrize(
    "page", ["", "form/", "form/amount/", "form/check/", "documents/identity/", "answer/"]
)
def test_somebody_else_finds_nothing_there(client, sent, page):
    other = signed_in_as(type(client)(), "outsider")

    assert other.get(f"/me/applications/{sent.pk}/{page}").status_code == 404
    assert str(sent.pk) not in shown(other, "/me/applications/")


def test_somebody_else_can_neither_send_nor_withdraw_nor_ask(client, sent):
    other = signed_in_as(type(client)(), "outsider")
    told = steps_told()

    for page in ("form/check/", "documents/identity/", "withdraw/", "ask/"):
        about = {"camera": picture(), "said": "x", "once": "y"}
        assert other.post(f"/me/applications/{sent.pk}/{page}", about).status_code == 404

    assert steps_told() == told
    assert not Case.objects.exists()


@pytest.mark.parametrize("language", ["en", "bn", "lv", "vi", "fa"])
def test_every_page_speaks_her_language(client, sent, language):
    hers = signed_in_as(client, "asha", language=language)

    for page in ("", f"{sent.pk}/", "new/", f"{sent.pk}/documents/identity/"):
        assert hers.get(f"/me/applications/{page}").headers["Content-Language"] == language


def test_however_many_applications_there_are_the_list_asks_as_often(
    asha, sent, django_assert_max_num_queries
):
    asha.post("/me/applications/new/", {"product": "personal"})

    with django_assert_max_num_queries(9):
        asha.get("/me/applications/")
