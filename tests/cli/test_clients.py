"""tideover client: another system is let in by a key that is shown once, seen in a list, and shut out."""

import pytest

from tests.people import late
from tests.recording import recorded
from tests.web.api import NOW, System
from tests.web.scene import clock_at
from tideover.access.models import AuditRow
from tideover.web.api.models import Client

pytestmark = pytest.mark.django_db
HERS = "people/asha/messages"


@pytest.fixture(autouse=True)
def at_the_time(settings, tmp_path):
    clock_at(settings, tmp_path)
    recorded(late("asha"))


@pytest.fixture
def let_in(tideover, client):
    """The other system, as soon as the command gave its key."""

    def made(*words):
        said = tideover("client", *words)
        assert said.code == 0, said.err
        return System(client, said.out.strip())

    return made


def test_a_client_sees_the_branches_it_was_given(let_in):
    north = let_in(
        "add", "north", "--scope", "messages:read", "--branch", "north", "--branch", "east", "--scope", "facts:write"
    )  # fmt: skip
    south = let_in("add", "south", "--scope", "messages:read", "--branch", "south")

    assert (north.get(HERS).status_code, south.get(HERS).status_code) == (200, 404)
    of_two, of_one = [it.detail for it in AuditRow.objects.filter(action="client_made").order_by("number")]
    assert (of_two["branches"], of_one["branches"]) == (2, 1)
    assert of_two["branches_mark"] != of_one["branches_mark"]
    kept = Client.objects.get(name="north")
    assert (kept.branches, kept.scopes) == (["east", "north"], ["facts:write", "messages:read"])


def test_a_client_lifts_holds_as_the_role_it_was_given(let_in):
    bank = let_in("add", "bank", "--scope", "holds:write", "--every-branch", "--role", "agent")
    hold = bank.post("people/asha/holds", {"kind": "hardship"}).json()["hold_id"]

    assert bank.post(f"people/asha/holds/{hold}/lift", {"as_role": "lead"}).status_code == 403
    assert bank.post(f"people/asha/holds/{hold}/lift", {"as_role": "agent"}).status_code == 200


@pytest.mark.parametrize(
    "words",
    [
        ("core-bank", "--scope", "messages:read", "--every-branch"),
        ("--scope", "messages:read", "--every-branch", "core-bank"),
    ],
)
def test_a_client_may_be_let_in_without_the_word_add(let_in, words):
    assert let_in(*words).get(HERS).status_code == 200


def test_a_revoked_key_opens_nothing(let_in, tideover):
    bank = let_in("add", "bank", "--scope", "messages:read", "--every-branch")

    said = tideover("client", "revoke", "bank")

    assert said.out == f"bank: revoked on {NOW:%Y-%m-%d %H:%M} UTC.\n"
    assert bank.get(HERS).status_code == 401
    assert list(AuditRow.objects.order_by("number").values_list("action", "actor_kind")) == [
        ("client_made", "system"),
        ("client_revoked", "system"),
    ]


def test_every_client_is_listed_and_no_key_with_it(let_in, tideover):
    bank = let_in("add", "bank", "--scope", "messages:read", "--every-branch")
    bank.get(HERS)
    let_in("add", "shop", "--scope", "holds:write", "--branch", "north", "--role", "lead")
    let_in("add", "gone", "--scope", "facts:write")
    tideover("client", "revoke", "gone")

    said = tideover("client", "list")

    moment = f"{NOW:%Y-%m-%d %H:%M} UTC"
    assert said.out.splitlines() == [
        f"bank  messages:read; sees every branch; last used on {moment}",
        f"gone  facts:write; sees nobody; revoked on {moment}",
        "shop  holds:write; sees north; lifts holds as lead; never used",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("revoke", "core-bnak"), "Did you mean 'core-bank'?"),
        (("add", "core-bank", "--scope", "facts:write"), "already"),
        (("add", "other", "--scope", "facts:wrote"), "There is no scope 'facts:wrote'"),
        (("add", "other", "--scope", "facts:write", "--role", "leed"), "There is no role 'leed'"),
    ],
)
def test_what_does_not_exist_or_does_already_is_refused(let_in, tideover, words, message):
    let_in("add", "core-bank", "--scope", "facts:write")

    said = tideover("client", *words)

    assert (said.code, message in said.err) == (2, True)
    assert Client.objects.filter(revoked_at=None).count() == 1
