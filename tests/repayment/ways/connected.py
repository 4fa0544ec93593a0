"""A lender with every way connected, and providers who sign as they do in life."""

import hashlib
import hmac
import json

import pytest

from tests.recording import NOW

SIGNING, SHARED = b"whsec_a_secret_of_the_webhook", b"a secret of more than sixteen bytes"
ENVIRON = {
    "TIDEOVER_LENDER_NAME": "Harbour Credit",
    "TIDEOVER_PAY_ACCOUNT": "LV80BANK0000435195001",
    "TIDEOVER_PAY_ACCOUNT_CURRENCIES": "EUR,GBP",
    "TIDEOVER_PAY_UPI": "harbour@bank",
    "TIDEOVER_PAY_VIETQR": "970436:0123456789",
    "TIDEOVER_PAY_BANGLAQR": "26:org.example.qr:000123456:6012",
    "TIDEOVER_PAY_BILL_COMPANY": "123:9",
    "TIDEOVER_PAY_AGENT_NETWORKS": "Kiosk=12345;Shop=678",
    "TIDEOVER_PAY_BRANCH": "12 Quay Street, Monday to Friday 9 to 16",
    "TIDEOVER_PAY_CREDITOR_ID": "LV19ZZZ40003245752",
}


@pytest.fixture
def environ(tmp_path, monkeypatch):
    """Every way is connected; keys lie in files."""
    (tmp_path / "key").write_text("sk_test_harbour")
    (tmp_path / "signing").write_bytes(SIGNING)
    (tmp_path / "shared").write_bytes(SHARED)
    found = {
        **ENVIRON,
        "TIDEOVER_PAY_STRIPE_KEY_FILE": str(tmp_path / "key"),
        "TIDEOVER_PAY_STRIPE_WEBHOOK_SECRET_FILE": str(tmp_path / "signing"),
        "TIDEOVER_PAY_WEBHOOK_SECRET_FILE": str(tmp_path / "shared"),
        "TIDEOVER_PAY_DEBIT_FOLDER": str(tmp_path / "debits"),
    }
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found


def stripe_event(kind, about, *, number, created=None, livemode=False, **more):
    """An event in the shape that Stripe documents."""
    created = int(NOW.timestamp()) if created is None else created
    return {
        "id": f"evt_{number}", "object": "event", "type": kind, "created": created, "livemode": livemode,
        "data": {"object": about}, **more,
    }  # fmt: skip


def stripe_signature(body, *, secret=SIGNING, at=NOW):
    """The header that Stripe writes."""
    moment = str(int(at.timestamp()))
    made = hmac.new(secret, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={made}"


def stripe_post(event, **signed):
    """Body and headers of a webhook."""
    body = json.dumps(event).encode()
    return body, {"Stripe-Signature": stripe_signature(body, **signed)}


def gateway_post(event, *, secret=SHARED, at=NOW):
    """The same of a local gateway."""
    body, moment = json.dumps(event).encode(), str(int(at.timestamp()))
    made = hmac.new(secret, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return body, {"X-Timestamp": moment, "X-Signature": made}
