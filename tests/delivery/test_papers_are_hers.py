"""An application and its papers are handed to the person with all else about her, and go with her."""

import io

import pytest

from tests.book.applications.files import picture
from tests.people import someone
from tests.portal import NOW
from tests.recording import recorded
from tideover.access.actors import Actor
from tideover.book.applications.applying import begin
from tideover.book.applications.models import Application, NeededDocument, Upload, UploadContent
from tideover.book.applications.offered import read_offered
from tideover.book.applications.sending import Sent, content_of, send_document
from tideover.delivery.privacy.collecting import collected
from tideover.delivery.privacy.erasing import erase_subject
from tideover.delivery.privacy.subject import subject_of

pytestmark = pytest.mark.django_db(transaction=True)
KINDS = (Application, NeededDocument, Upload, UploadContent)


@pytest.fixture
def papers(settings, tmp_path):
    settings.DATA = tmp_path
    recorded(someone("asha"), someone("outsider"), at=NOW)
    for person in ("asha", "outsider"):
        made = begin(person_id=person, product="personal", currency="GBP", offered=read_offered(), at=NOW)
        sent = Sent(io.BytesIO(picture()), f"{person} at home.jpg")
        send_document(person_id=person, application_id=made.pk, kind="identity", sent=sent, at=NOW)


def test_a_paper_lies_sealed_and_opens_again(papers):
    upload = Upload.objects.get(person_id="asha")

    assert content_of(upload).startswith(b"\xff\xd8\xff")
    assert b"\xff\xd8\xff" not in bytes(UploadContent.objects.get(pk=upload.pk).sealed)


def test_she_is_told_which_papers_we_hold_and_nothing_of_anybody_else(papers):
    told = str(collected(subject_of("asha")))

    assert "asha at home.jpg" in told
    assert "outsider" not in told


def test_erased_nothing_of_her_papers_is_left_and_all_of_others(papers):
    erase_subject("asha", NOW, Actor("staff", "7"))

    assert [set(it.objects.values_list("person_id", flat=True)) for it in KINDS] == [{"outsider"}] * 4
