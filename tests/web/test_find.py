"""Staff find a person by what she says on the phone; whoever is of another branch finds nobody."""

from datetime import timedelta

import pytest

from tests.people import late, outsider, together
from tests.recording import recorded
from tests.staff import member, signed_in
from tests.staff import outsider as colleague_elsewhere
from tests.web.scene import NOW
from tideover.access.models import AuditRow
from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.models import Address, Person

pytestmark = pytest.mark.django_db
FIND = "/desk/people/"
HERS = ("Mary Price", "mary.price@example.org", "+442079460123")


def reached_at(person, channel, value):
    key = f"a-{channel}-{blind(value)}"
    Address.objects.get_or_create(
        address_id=key, defaults={"channel": channel, "value": value, "index": blind(value)}
    )
    point = {
        "contact_point_id": f"{person}-{channel}",
        "person_id": person,
        "channel": channel,
        "address_id": key,
    }
    record("contact_points", [point], source="test", at=NOW + timedelta(seconds=1))


@pytest.fixture(autouse=True)
def lender():
    record("lender", [{"jurisdiction": "GB"}], source="test", at=NOW)
    recorded(together(late("mary"), late("joan"), outsider("far")))
    name, mail, phone = HERS
    for person, called in (("mary", name), ("joan", "Joan Price"), ("far", "Otto Far")):
        Person.objects.filter(pk=person).update(name=called, name_index=blind(called))
    reached_at("mary", "email", mail)
    reached_at("mary", "sms", phone)
    reached_at("far", "email", "otto@example.org")


@pytest.fixture
def agent(client):
    return signed_in(client, member("agent", "north"))


@pytest.mark.parametrize(
    "said",
    [
        "mary",
        "mary-loan-1",
        "Mary Price",
        " mary  PRICE ",
        "Mary.Price@example.org",
        "+44 20 7946 0123",
        "+442079460123",
        "020 7946 0123",
    ],
)
def test_by_whatever_she_is_known_her_page_opens(agent, said):
    assert agent.post(FIND, {"q": said}).url == "/desk/people/mary/"


@pytest.mark.parametrize(
    "said",
    ["Mary", "price", "mary.price@example", "+44207946012", "%", "*", "' or 1=1", "x" * 3_000],
)
def test_a_part_finds_nobody_and_the_page_says_what_to_try(agent, said):
    page = agent.post(FIND, {"q": said}).content.decode()

    assert "Nobody was found" in page
    assert "/desk/people/mary/" not in page


def test_what_two_people_share_shows_both_to_choose_from(agent):
    reached_at("joan", "sms", HERS[2])

    page = agent.post(FIND, {"q": HERS[2]}).content.decode()

    assert "2 people" in page
    assert "/desk/people/mary/" in page
    assert "/desk/people/joan/" in page


def test_who_may_not_be_seen_is_not_found(client, agent):
    for said in ("far", "far-loan-1", "Otto Far", "otto@example.org"):
        assert "Nobody was found" in agent.post(FIND, {"q": said}).content.decode()
    elsewhere = signed_in(client, colleague_elsewhere())
    assert "Nobody was found" in elsewhere.post(FIND, {"q": HERS[1]}).content.decode()
    for role in ("strategist", "approver", "admin"):
        assert signed_in(client, member(role)).post(FIND, {"q": "mary"}).status_code == 403


def test_before_anything_is_typed_the_page_asks_and_answers_nothing(agent):
    page = agent.get(FIND).content.decode()

    assert '<label for="q">' in page
    assert "Nobody was found" not in page
    assert agent.get(f"{FIND}?q=mary").status_code == 200
    assert f'href="{FIND}"' in agent.get("/desk/").content.decode()


def test_looking_for_somebody_changes_nothing_and_asks_little(agent, django_assert_max_num_queries):
    before = AuditRow.objects.count()
    agent.post(FIND, {"q": HERS[1]})

    with django_assert_max_num_queries(9):
        agent.post(FIND, {"q": HERS[1]})

    assert AuditRow.objects.count() == before


def test_strangers_sign_in_first(client):
    assert client.get(FIND).url.startswith("/staff/sign-in/")
