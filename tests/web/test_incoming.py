"""A gateway posts what became of our texts, and what people wrote: signed, or not at all."""

import json
import os

import pytest

from tests.people import AT, late
from tests.recording import recorded
from tideover.access.clock import now
from tideover.access.sealing import blind
from tideover.book.models import FACTS, Address
from tideover.delivery.channels.sms.receipts import signature_of

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
    body, signed_at = json.dumps(event).encode(), str(int(now().timestamp()))
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


def test_what_is_not_signed_by_our_gateway_changes_nothing(client):
    answer = posted(
        client, {"id": "1", "from": "+37120000001", "text": "STOP"}, secret=b"another secret, as long as ours"
    )

    assert answer.status_code == 403
    assert FACTS["consents"].objects.count() == 0


def test_looking_changes_nothing(client):
    assert client.get("/in/sms").status_code == 405
