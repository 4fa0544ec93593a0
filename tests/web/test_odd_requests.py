"""What no page can use is answered as such, on either database: with 404, with 400, or on the page that asked."""

import pytest

from tests.people import late
from tests.recording import recorded
from tests.staff import member, signed_in
from tests.web.scene import clock_at
from tideover.access.models import Staff
from tideover.repayment.ways.models import BranchReceipt

pytestmark = pytest.mark.django_db
NUL = "a\0b"


@pytest.fixture(autouse=True)
def at_the_time(settings, tmp_path):
    clock_at(settings, tmp_path)
    recorded(late("asha"))


@pytest.fixture
def lead(client):
    client.raise_request_exception = False
    return signed_in(client, member("lead", "north"))


@pytest.fixture
def admin(client):
    client.raise_request_exception = False
    return signed_in(client, member("admin"))


@pytest.mark.parametrize(
    "path",
    [
        "/desk/people/%00/", "/desk/people/a%00b/", "/desk/applications/%00/", "/desk/applications/%00/files/1/",
        "/a/%00", "/me/applications/%00/", "/desk/queue/%00",
    ],
)  # fmt: skip
def test_nothing_is_at_an_address_with_a_nul(lead, path):
    assert lead.get(path).status_code in (404, 410)


def test_a_borrower_is_told_the_same(client):
    assert client.get("/me/check/?code=%00").status_code == 400
    assert client.get("/desk/people/%00/").status_code == 404


@pytest.mark.parametrize("query", ["owner=%00", "%00=open", "page=%00"])
def test_nothing_is_asked_for_with_one(lead, query):
    assert lead.get(f"/desk/queue/?{query}").status_code == 400


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("payments/new", {"loan": NUL, "amount": "1", "once": "o", "kind": "cash"}),
        ("payments/new", {"loan": "asha-loan-1", "amount": "1", "once": NUL, "kind": "cash"}),
        ("people/", {"q": NUL}),
        ("people/asha/heard", {"kind": "help", "words": NUL, "once": "o"}),
    ],
)
def test_nothing_is_written_down_with_one(lead, page, typed):
    assert lead.post(f"/desk/{page}", typed).status_code == 400
    assert BranchReceipt.objects.count() == 0


@pytest.mark.parametrize("field", ["email", "name", "role", "branches"])
def test_nobody_is_invited_with_one(admin, field):
    typed = {"email": "a@lender.example", "name": "Asha", "role": "agent", "branches": "north", field: NUL}

    assert admin.post("/desk/staff/new", typed).status_code == 400
    assert Staff.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"email": "not a mail"}, "name@example.org"),
        ({"email": "e" * 300 + "@lender.example"}, "at most 254 characters"),
        ({"name": ""}, "Write the name"),
        ({"name": "x" * 300}, "at most 200 characters"),
    ],
)
def test_whoever_cannot_be_invited_is_named_on_the_page(admin, typed, says):
    known = {"email": "a@lender.example", "name": "Asha", "role": "agent", "branches": "north"}

    page = admin.post("/desk/staff/new", {**known, **typed}).content.decode()

    assert says in page
    assert Staff.objects.count() == 1


@pytest.mark.parametrize("pk", ["abc", "", "-1", "9" * 5_000, "1.5"])
def test_a_report_that_is_none_is_not_there(lead, pk):
    assert lead.post("/desk/reported/", {"pk": pk, "words": "Look out."}).status_code == 404


def test_the_last_day_of_all_is_no_day_of_a_correction(lead):
    page = lead.get("/desk/corrections/new?until=9999-12-31")

    assert (page.status_code, "is not a day" in page.content.decode()) == (200, True)
