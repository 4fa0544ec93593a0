"""A gateway posts what became of our texts, and what people wrote: signed, or not at all."""

import json
import os
from typing import ClassVar

import pytest

from tests.people import AT, late
from tests.recording import recorded
from tests.web.scene import a_message
from tideover.access.clock import now
from tideover.access.sealing import blind
from tideover.book.models import FACTS, Address
from tideover.book.newest import newest
from tideover.delivery import outbox, told_again
from tideover.delivery.channels.sms.receipts import signature_of
from tideover.delivery.models import Message, Unplaced

SECRET = b"a secret of more than sixteen bytes"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asha(tmp_path, monkeypatch):
    """Somebody with a phone, and a gateway that knows our secret."""
    (tmp_path / "secret").write_bytes(SECRET)
    monkeypatch.setitem(os.environ, "TIDEOVER_SMS_WEBHOOK_SECRET_FILE", str(tmp_path / "secret"))
    book = late("asha")
    book["contact_points"] = [{**it, "address_id": it["channel"]} for it in book["contact_points"]]
    recorded(book, at=now())
    Address.objects.create(address_id="sms", channel="sms", value="+37120000001", index=blind("+37120000001"))
    assert AT


def posted(client, event, *, secret=SECRET):
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    signed_at = str(int(now().timestamp()))
    signature = signature_of(body, signed_at, secret)
    return client.post(
        "/in/sms",
        body,
        content_type="application/json",
        headers={"X-Timestamp": signed_at, "X-Signature": signature},
    )


def test_a_stop_from_her_number_is_a_stop(client):
    answer = posted(client, {"id": "1", "from": "+37120000001", "to": "1234", "text": "STOP"})

    assert answer.status_code == 200
    assert FACTS["consents"].objects.get().withdrawn_at is not None


def test_a_number_is_hers_where_the_gateway_leaves_the_plus_away(client):
    posted(client, {"id": "1", "from": "37120000001", "to": "1234", "text": "STOP"})

    assert FACTS["consents"].objects.get().person_id == "asha"


class TestAReceiptQuickerThanOurBooks:
    FAILED: ClassVar = {"id": "g1", "state": "failed", "error": "bad_address"}

    @pytest.fixture
    def leaving(self):
        """A text that the gateway has and we do not know that it has."""
        return a_message("asha", channel="sms", state="sending", address_id="sms", ended_at=None)

    def state(self):
        return newest("contact_points", person_id="asha", channel="sms")[0].state

    def test_it_is_told_again_and_counts(self, client, leaving):
        early = posted(client, self.FAILED)
        outbox.settle(leaving, "accepted", at=now(), reference="g1")
        then = posted(client, self.FAILED)

        assert (early.status_code, early.headers["Retry-After"], then.status_code) == (503, "30", 200)
        assert (Message.objects.get().state, self.state()) == ("rejected", "bounced")

    @pytest.mark.parametrize("name", ["id\ud83d", "id\0", "x" * 400])
    def test_it_is_known_whatever_the_gateway_calls_the_text(self, client, leaving, name):
        outbox.settle_all([outbox.Ended(leaving, "accepted", reference=name, further=(name,))], at=now())

        posted(client, {**self.FAILED, "id": name})

        assert (Message.objects.get().state, self.state()) == ("rejected", "bounced")

    def test_what_came_with_it_is_taken_at_once(self, client, leaving):
        posted(client, [self.FAILED, {"id": "1", "from": "+37120000001", "to": "1234", "text": "STOP"}])

        assert FACTS["consents"].objects.get().withdrawn_at is not None

    def test_it_is_asked_for_a_few_times_only(self, client, leaving):
        said = [posted(client, {**self.FAILED, "id": "of-another"}).status_code for _ in range(7)]

        assert said == [503] * 5 + [200] * 2

    def test_a_receipt_of_anothers_message_is_taken_while_nothing_leaves(self, client):
        assert posted(client, self.FAILED).status_code == 200


HALF = "\ud83d"
STOP = {"id": "2", "from": "+37120000001", "to": "1", "text": "STOP"}


@pytest.mark.parametrize(
    "odd",
    [
        {"id": "1", "from": "+37120000001", "to": "1", "text": f"hello {HALF}"},
        {"id": "1", "from": f"+37120000009{HALF}", "to": "1", "text": "hello"},
        {"id": HALF, "from": "+37120000009", "to": "1", "text": "hello"},
        {"id": HALF, "state": "failed"},
        {"reference": HALF, "state": "failed"},
        {"id": "x" * 2_000, "from": "+37120000001", "to": "1", "text": "hello"},
    ],
)
def test_one_odd_text_keeps_no_stop_behind_it_waiting(client, odd):
    answer = posted(client, [odd, STOP])

    assert answer.status_code == 200
    assert FACTS["consents"].objects.get().withdrawn_at is not None


def test_a_text_that_was_cut_within_a_letter_keeps_no_stop_waiting(client):
    cut = json.dumps([{"id": "1", "from": "+37120000009", "text": "@"}, STOP]).encode()
    assert posted(client, cut.replace(b"@", "জ".encode()[:2])).status_code == 200

    assert FACTS["consents"].objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_gateway_may_write_in_any_encoding_of_json(client, encoding):
    assert posted(client, json.dumps([STOP]).encode(encoding)).status_code == 200

    assert FACTS["consents"].objects.exists()


def test_of_a_batch_each_is_taken_on_its_own_and_what_fails_is_asked_for_again(client, monkeypatch):
    takes = told_again.take_text

    def fails_over_one(said, *, at):
        if said.text == "odd":
            raise ValueError("a fault of ours")
        return takes(said, at=at)

    monkeypatch.setattr(told_again, "take_text", fails_over_one)
    odd = {"id": "1", "from": "+37120000001", "to": "1", "text": "odd"}
    said = [posted(client, [odd, STOP]) for _ in range(6)]

    assert [it.status_code for it in said] == [503] * 5 + [200]
    assert FACTS["consents"].objects.count() == 1
    assert Unplaced.objects.get().text == "odd"


def test_what_is_not_signed_by_our_gateway_changes_nothing(client):
    answer = posted(
        client, {"id": "1", "from": "+37120000001", "text": "STOP"}, secret=b"another secret, as long as ours"
    )

    assert answer.status_code == 403
    assert FACTS["consents"].objects.count() == 0


def test_looking_changes_nothing(client):
    assert client.get("/in/sms").status_code == 405
