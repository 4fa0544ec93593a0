"""The pages of erasing somebody: what stays is said first, one asks, another agrees, and she is gone."""

import pytest

from tests.people import held
from tests.recording import recorded
from tests.staff import member, outsider, signed_in
from tests.web.scene import NOW, a_case, a_night
from tideover.access.models import Request
from tideover.book.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
HERS, LIST = "/desk/people/mary/erase", "/desk/erasures/"
WHY = {"why": "she_asked"}


@pytest.fixture(autouse=True)
def lender(clock):
    a_night()


@pytest.fixture
def compliance():
    return member("compliance", "north")


def shown(client, address):
    return client.get(address).content.decode()


def asked(client, by):
    return signed_in(client, by).post(HERS, WHY, follow=True).content.decode()


def press(client, by, do):
    wish = Request.objects.latest("pk")
    return signed_in(client, by).post(f"{LIST}{wish.pk}/{do}", follow=True).content.decode()


def is_there():
    return Person.objects.filter(pk="mary").exists()


def test_what_stays_and_until_when_is_said_before_anybody_asks(client, compliance):
    them = signed_in(client, compliance)

    assert HERS in shown(them, "/desk/people/mary/")
    page = shown(them, HERS)

    assert "What stays" in page
    assert "accounts add up" in page
    assert "2036" in page
    assert Request.objects.count() == 0


def test_one_asks_another_agrees_and_she_is_gone(client, compliance):
    assert "Nothing goes until somebody else agrees" in asked(client, compliance)
    assert is_there()

    page = press(client, member("approver"), "agree")

    assert "rows were removed" in page
    assert "Kept until" in page
    assert "Nobody is to be erased" in page
    assert not is_there()
    assert signed_in(client, compliance).get("/desk/people/mary/").status_code == 404


def test_whoever_agrees_may_see_nobody_and_reads_why_and_by_whom(client, compliance):
    a_case("mary", kind="erase_data")
    asked(client, compliance)

    page = shown(signed_in(client, member("approver")), LIST)

    assert "She asked for it. She asked on her own page on Wednesday 25 November 2026." in page
    assert "<bdi>Compliance</bdi>" in page
    assert "mary" not in page.lower()
    assert "Mary Price" in shown(signed_in(client, compliance), LIST)


def test_nobody_agrees_to_their_own_wish_and_takes_it_back_alone(client, compliance):
    asked(client, compliance)
    assert "Agree, erase" not in shown(client, LIST)

    assert "Somebody else has to agree" in press(client, compliance, "agree")
    assert is_there()
    assert "Nothing was erased" in press(client, compliance, "turn-down")
    assert "Nobody is to be erased" in shown(client, LIST)


def test_a_wish_without_a_reason_says_what_is_missing(client, compliance):
    answer = signed_in(client, compliance).post(HERS)

    assert answer.status_code == 422
    assert "Choose why" in answer.content.decode()
    assert Request.objects.count() == 0


def test_what_must_end_first_is_said_on_the_page(client, compliance):
    recorded(held("mary", "dispute"), at=NOW)

    answer = signed_in(client, compliance).post(HERS, WHY)

    assert answer.status_code == 422
    assert "dispute is open" in answer.content.decode()


def test_others_have_no_such_pages(client, compliance):
    asked(client, compliance)
    elsewhere = signed_in(client, member("compliance", "south", name="south"))
    assert elsewhere.get(HERS).status_code == 404
    assert "mary" not in shown(elsewhere, LIST).lower()

    for them in (member("agent", "north"), member("lead", "north"), member("admin"), outsider()):
        signed_in(client, them)
        assert client.get(HERS).status_code == 403
        assert client.get(LIST).status_code == 403
        assert client.post(f"{LIST}{Request.objects.get().pk}/agree").status_code == 403
    assert is_there()


def test_the_way_there_stands_on_the_desk_of_both_and_of_nobody_else(client, compliance):
    for them in (compliance, member("approver")):
        assert LIST in shown(signed_in(client, them), "/desk/")
    assert LIST not in shown(signed_in(client, member("lead", "north")), "/desk/")


def test_strangers_sign_in_first(client):
    for address in (HERS, LIST):
        assert client.get(address).url.startswith("/staff/sign-in/")


def test_the_list_asks_as_little_of_many_as_of_few(client, compliance, django_assert_max_num_queries):
    them = signed_in(client, compliance)
    for name in ("mary", "elina", "asha", "helen"):
        them.post(f"/desk/people/{name}/erase", WHY)
    assert Request.objects.count() == 4

    with django_assert_max_num_queries(9):
        them.get(LIST)
