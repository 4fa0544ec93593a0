"""What a person allowed, refused or is protected by, told by another system; and what we would say to her."""

import json
from datetime import timedelta

import pytest
from django.core import mail

from tests.people import (
    AT,
    consents,
    fresh_payments,
    held,
    late,
    outsider,
    right_to_left_with_a_screen_reader,
)
from tests.recording import recorded
from tests.web.api import NOW, system
from tideover.access.models import AuditRow
from tideover.book.models import FACTS, Address, ConsentText, Person
from tideover.delivery.answers import receive
from tideover.delivery.models import Message
from tideover.strategy.gate import Asked, foresee
from tideover.strategy.releases import ensure_shipped
from tideover.support.voice.consents import stop

pytestmark = pytest.mark.django_db
WORDS = {"text": "You may send me lessons by e-mail.", "language": "en", "shown_in": "branch"}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    for module in ("door", "people", "addresses", "decisions", "facts"):
        monkeypatch.setattr(f"tideover.web.api.{module}.now", lambda: NOW)


@pytest.fixture
def bank(client):
    recorded(late("asha"))
    recorded(outsider())
    return system(client, "north", roles=["agent"])


def queued(person, purpose_class, channel="email", number=0):
    return Message.objects.create(
        contact_id=f"{person}-{purpose_class}-{channel}{number or ''}", person_id=person,
        purpose=f"{purpose_class}-{channel}-{number}",
        purpose_class=purpose_class, channel=channel, send_at=NOW, use_by=NOW + timedelta(days=1), local_day=1, due_at=NOW,
        message_id="m", code="c", body=json.dumps({"subject": "Your payment", "text": "Dear Asha"}),
    )  # fmt: skip


def test_a_consent_is_kept_with_the_words_she_saw(bank):
    answer = bank.post("people/asha/consents", {"purpose_class": "lesson", "channel": "email", **WORDS})

    assert (answer.status_code, answer.json()["granted_at"]) == (201, "2026-11-25T10:00:00Z")
    kept = FACTS["consents"].objects.get(purpose_class="lesson")
    assert ConsentText.objects.get(pk=kept.text_hash).text == WORDS["text"]
    assert kept.shown_in == "branch"


def test_the_same_words_seen_in_two_places_are_two_consents_with_their_places(bank):
    for channel, place in (("email", "paper"), ("sms", "call")):
        told = {"purpose_class": "lesson", "channel": channel, **WORDS, "shown_in": place}
        assert bank.post("people/asha/consents", told).status_code == 201

    bank.post("people/asha/opt-outs", {"channel": "sms", "purpose_class": "lesson"})

    rows = (
        FACTS["consents"]
        .objects.order_by("recorded_at", "id")
        .values_list("channel", "shown_in", "text_hash")
    )
    assert len({it[2] for it in rows}) == ConsentText.objects.count() == 1
    assert [it[:2] for it in rows] == [("email", "paper"), ("sms", "call"), ("sms", "call")]


def forbidden(channel, occasion):
    """Why she may not be written to; "" where she may."""
    ensure_shipped(at=NOW)
    asked = Asked("asha", "asha-loan-1", channel)
    return foresee(asked, occasion=occasion, at=NOW).forbidden_by


def test_a_consent_given_again_holds_after_a_stop_and_the_rest_stays_stopped(bank):
    recorded(fresh_payments(AT + 86_400))
    for channel in ("sms", "email"):
        receive(
            person_id="asha", channel=channel, kind="stop", at=NOW - timedelta(days=5), outside_id=channel
        )
    assert forbidden("sms", "gentle_reminder") == "refused@sms"

    bank.post("people/asha/consents", {"purpose_class": "collection", "channel": "sms", **WORDS})

    assert forbidden("sms", "gentle_reminder") == ""
    assert forbidden("sms", "early_help") == "refused@sms"
    assert forbidden("email", "gentle_reminder") == "refused@email"


@pytest.mark.parametrize("purpose_class", ["all", "collection"])
def test_a_consent_of_before_the_stop_does_not_lift_it(bank, purpose_class):
    recorded(fresh_payments(AT + 86_400))
    receive(person_id="asha", channel="sms", kind="stop", at=NOW - timedelta(days=5), outside_id="1")

    told = {"purpose_class": purpose_class, "channel": "sms", "granted_at": "2026-11-01T10:00:00Z", **WORDS}
    assert bank.post("people/asha/consents", told).status_code == 201

    assert forbidden("sms", "gentle_reminder") == "refused@sms"


def test_a_consent_that_has_not_been_given_yet_is_refused_and_one_of_a_clock_a_little_ahead_is_of_now(bank):
    told = {"purpose_class": "collection", "channel": "sms", **WORDS}

    answer = bank.post("people/asha/consents", {**told, "granted_at": "2026-11-26T09:00:00Z"})
    soon = bank.post("people/asha/consents", {**told, "granted_at": "2026-11-25T10:04:00Z"})

    assert (answer.status_code, answer.json()["code"]) == (422, "in_future")
    assert (soon.status_code, soon.json()["granted_at"]) == (201, "2026-11-25T10:00:00Z")


def stopped_by_a_system(bank):
    assert (
        bank.post("people/asha/opt-outs", {"channel": "sms", "purpose_class": "collection"}).status_code
        == 201
    )


def stopped_by_herself(_):
    stop(person_id="asha", channel="sms", purpose_class="collection", at=NOW)


@pytest.mark.parametrize("stopped", [stopped_by_a_system, stopped_by_herself])
def test_a_stop_ends_a_consent_that_a_source_dated_after_it(bank, stopped):
    recorded(
        fresh_payments(AT + 86_400),
        consents("asha", "collection", channel="sms", granted_at=AT + 86_400 * 30),
    )

    stopped(bank)

    assert forbidden("sms", "gentle_reminder") == "refused@sms"


@pytest.mark.parametrize("said_at", ["2062-11-25T09:00:00Z", "9999-12-31T00:00:00Z", "1900-01-01T00:00:00Z"])
def test_a_stop_of_a_clock_that_is_ahead_is_of_now(bank, said_at):
    recorded(fresh_payments(AT + 86_400))

    answer = bank.post("people/asha/opt-outs", {"said_at": said_at})

    assert (answer.status_code, answer.json()["withdrawn_at"]) == (201, "2026-11-25T10:00:00Z")
    assert forbidden("sms", "gentle_reminder") == "refused@sms"


def test_a_consent_without_words_is_none(bank):
    assert bank.post("people/asha/consents", {"purpose_class": "lesson"}).status_code == 422
    assert FACTS["consents"].objects.count() == 0


def test_an_opt_out_stops_what_is_queued_in_the_same_request(bank):
    for purpose_class in ("collection", "lesson", "duty", "receipt"):
        queued("asha", purpose_class)
    queued("outsider", "collection")

    answer = bank.post("people/asha/opt-outs", {})

    assert (answer.status_code, answer.json()["cancelled"]) == (201, 2)
    waiting = Message.objects.filter(state="queued").values_list("contact_id", flat=True)
    assert sorted(waiting) == ["asha-duty-email", "asha-receipt-email", "outsider-collection-email"]


def test_an_opt_out_of_one_class_in_one_channel_stops_just_that(bank):
    for purpose_class, channel in [("lesson", "email"), ("lesson", "sms"), ("offer", "email")]:
        queued("asha", purpose_class, channel)

    assert (
        bank.post("people/asha/opt-outs", {"channel": "email", "purpose_class": "lesson"}).json()["cancelled"]
        == 1
    )


def test_the_trail_names_her_by_surrogate_alone(bank):
    bank.post("people/asha/opt-outs", {})

    row = AuditRow.objects.get(action="opted_out")
    assert row.about == Person.objects.get(pk="asha").surrogate
    assert "asha" not in json.dumps([row.about, row.detail])


def test_a_hold_is_lifted_by_a_role_that_may(bank):
    hold = bank.post("people/asha/holds", {"kind": "hardship"}).json()["hold_id"]

    assert bank.post(f"people/asha/holds/{hold}/lift", {"as_role": "lead"}).status_code == 403
    assert bank.post(f"people/asha/holds/{hold}/lift", {"as_role": "agent"}).json()["until_at"]
    assert bank.post(f"people/asha/holds/{hold}/lift", {"as_role": "agent"}).status_code == 409


def test_an_agent_does_not_lift_what_compliance_must(bank):
    hold = bank.post("people/asha/holds", {"kind": "abuse"}).json()["hold_id"]

    answer = bank.post(f"people/asha/holds/{hold}/lift", {"as_role": "agent"})

    assert answer.status_code == 403
    assert "compliance" in answer.json()["detail"]


def test_an_address_is_sealed_and_told_twice_it_is_one(bank):
    given = {"person_id": "asha", "channel": "email", "value": " asha@example.org "}

    points = {bank.post("addresses", given).json()["contact_point_id"] for _ in range(2)}

    assert len(points) == 1
    assert Address.objects.get().value == "asha@example.org"


def test_a_phone_is_read_in_the_way_of_her_country(bank):
    bank.post("addresses", {"person_id": "asha", "channel": "sms", "value": "020 7946 0000"})

    assert Address.objects.get().value == "+442079460000"


HEADERS = [
    f"a@example.org{it}Bcc: all@example.org" for it in ("\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "%0a\n")
]


@pytest.mark.parametrize(
    "value", [*HEADERS, "a@example.org, b@example.org", "<a@example.org>", "a@b", "a b@example.org"]
)
def test_an_address_that_would_become_a_header_or_several_is_refused_and_not_repeated(bank, value):
    answer = bank.post("addresses", {"person_id": "asha", "channel": "email", "value": value})

    assert answer.status_code == 422
    assert "example" not in answer.json()["detail"].replace("name@example.org", "")
    assert (Address.objects.count(), mail.outbox) == (0, [])


@pytest.mark.parametrize(
    "name",
    ["{{ 7*7 }}", "{% debug %}", "=cmd|' /C calc'!A0", "<script>", "${7*7}", "%(name)s", "{0.__class__}"],
)
def test_a_name_that_looks_like_code_is_a_name(bank, name):
    assert bank.post("people/asha/name", {"name": name}).status_code == 200
    assert Person.objects.get(pk="asha").name == name


@pytest.mark.parametrize("name", ["a\r\nINFO forged", "a\x1b[2J", "a\u2028b", "\u202e"])
def test_a_name_that_would_forge_a_line_is_refused(bank, name):
    assert bank.post("people/asha/name", {"name": name}).status_code == 422


@pytest.mark.parametrize(
    "asked", ["__import__('os')", "due_on); DROP TABLE book_loans;--", "(" * 2_000, "a\x1fb"]
)
def test_text_that_looks_like_an_expression_is_a_key_or_is_refused(bank, asked):
    assert bank.get(f"decisions?since={asked}").status_code == 422
    assert bank.get(f"decisions?cursor={asked}").status_code == 422
    assert bank.post("people/asha/holds", {"kind": "hardship", "loan_id": asked}).status_code == 422


class TestTheDecisionNow:
    @pytest.fixture
    def bank(self, client, settings, tmp_path):
        settings.DATA = tmp_path
        recorded(late("asha"))
        recorded(fresh_payments(AT + 86_400))
        recorded(outsider())
        recorded(right_to_left_with_a_screen_reader())
        ensure_shipped(at=NOW)
        return system(client, "north", scopes=["decisions:read", "messages:read"])

    def test_is_told_with_its_reasons(self, bank):
        told = bank.get("people/asha/decision").json()

        assert told["decision"]["person_id"] == "asha"
        assert told["decision"]["treatment"] in ("contact", "wait", "none", "human")
        assert told["decision"]["reasons"]
        assert told["explanation"]["audience"] == "staff"
        assert any("[" in line for part in told["explanation"]["parts"] for line in part["lines"])

    def test_is_told_to_her_in_her_language_and_without_codes(self, bank):
        told = bank.get("people/right-to-left/decision?audience=borrower").json()["explanation"]

        assert (told["language"], told["direction"]) == ("fa", "rtl")

    def test_hides_what_may_not_be_told(self, bank):
        recorded(held("asha", "abuse"))

        told = bank.get("people/asha/decision").json()

        assert "abuse" not in json.dumps(told)
        assert told["explanation"]["audience"] == "borrower"

    def test_is_not_there_for_an_outsider(self, bank, client):
        theirs = bank.get("people/outsider/decision")
        nobodys = bank.get("people/nobody/decision")

        assert (theirs.status_code, theirs.content) == (404, nobodys.content)


def test_messages_are_read_page_by_page_the_newest_first(bank):
    for number in range(3):
        queued("asha", "collection", number=number)

    first = bank.get("people/asha/messages?limit=2").json()
    rest = bank.get(f"people/asha/messages?limit=2&cursor={first['next']}").json()

    assert [len(first["messages"]), len(rest["messages"]), rest["next"]] == [2, 1, ""]
    assert first["messages"][0]["text"] == "Dear Asha"


def test_an_outsider_reads_and_writes_nothing_of_hers(client, bank):
    south = system(client, "south", name="south", roles=["lead", "compliance", "agent"])
    queued("asha", "collection")
    tries = [
        south.get("people/asha/messages"),
        south.get("people/asha/decision"),
        south.post("people/asha/opt-outs", {}),
        south.post("people/asha/consents", {"purpose_class": "lesson", **WORDS}),
        south.post("people/asha/holds", {"kind": "hardship"}),
        south.post("people/asha/holds/h/lift", {"as_role": "lead"}),
        south.post("people/asha/name", {"name": "Mallory"}),
        south.post("addresses", {"person_id": "asha", "channel": "email", "value": "m@example.org"}),
    ]

    assert [it.status_code for it in tries] == [404] * len(tries)
    assert len({it.content for it in tries if b"hold" not in it.content}) == 1
    assert Message.objects.get(person_id="asha").state == "queued"
