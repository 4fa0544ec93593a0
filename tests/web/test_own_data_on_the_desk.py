"""Her own data is handed out by those whose work it is, and that they took it is written down."""

import io
import json
import zipfile

import pytest

from tests.staff import member, signed_in
from tests.web.scene import a_night
from tideover.access.models import AuditRow
from tideover.book.surrogates import surrogate_of

pytestmark = pytest.mark.django_db(transaction=True)
HERS = "/desk/people/mary/data"


def test_compliance_takes_one_file_of_her_and_nobody_else(client, settings):
    a_night()
    compliance = member("compliance", "north")
    them = signed_in(client, compliance)
    assert HERS in them.get("/desk/people/mary/").content.decode()
    before = sorted(settings.DATA.iterdir())

    answer = them.post(HERS)

    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    told = json.loads(packed.read("your-data.json"))
    assert told["person"][0]["name"] == "Mary Price"
    assert "elina" not in json.dumps(told)
    assert "no-store" in answer.headers["Cache-Control"]
    row = AuditRow.objects.get(action="subject_exported")
    assert (row.about, row.actor_id) == (surrogate_of("mary"), str(compliance.pk))
    assert sorted(settings.DATA.iterdir()) == before


def test_nobody_else_takes_it(client):
    a_night()

    assert client.post(HERS).url.startswith("/staff/sign-in/")
    for them in (member("agent", "north"), member("lead", "north"), member("approver"), member("admin")):
        assert signed_in(client, them).post(HERS).status_code == 403
    elsewhere = signed_in(client, member("compliance", "south", name="south"))
    assert elsewhere.post(HERS).status_code == 404
    assert elsewhere.get(HERS).status_code == 405
    assert not AuditRow.objects.filter(action="subject_exported").exists()
