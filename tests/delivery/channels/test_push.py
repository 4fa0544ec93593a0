"""Web push over real HTTP: only the device can read it, and a device that is gone is told."""

import base64
import json
import os

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from tests.delivery.http_sink import http_provider
from tests.delivery.messages import AT, SCRIPTS, message, sent
from tideover.delivery.channels import Busy, NotConnected, Rejected, TooLate, Unknown, open_channel


def spelled(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Device:
    def __init__(self):
        self.key, self.secret = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)

    def address(self, port: int, host: str = "127.0.0.1") -> str:
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        keys = {"p256dh": spelled(point), "auth": spelled(self.secret)}
        return json.dumps({"endpoint": f"http://{host}:{port}/push/x", "keys": keys})

    def opened(self, body: bytes) -> dict:
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret))


@pytest.fixture
def environ(tmp_path):
    key = Vapid02()
    key.generate_keys()
    key.save_key(str(tmp_path / "push.pem"))
    return {
        "TIDEOVER_PUSH_KEY_FILE": str(tmp_path / "push.pem"),
        "TIDEOVER_PUSH_CONTACT": "mailto:it@lender.example",
        "TIDEOVER_PUSH_HOSTS": "127.0.0.1",
    }


@pytest.mark.parametrize("language", SCRIPTS)
async def test_only_the_device_reads_the_title_and_the_preview(environ, language):
    direction, words = SCRIPTS[language]
    device = Device()
    shown = {"subject": words[:20], "preview": words[:40], "language": language, "direction": direction}

    async with http_provider(status=201, headers={"Location": "/message/7"}) as provider:
        accepted = await sent(
            open_channel("push", environ), message(to=device.address(provider.port), **shown)
        )

    _, headers, body = provider.requests[0]
    opened = device.opened(body)
    assert accepted.reference == "/message/7"
    assert (opened["title"], opened["body"], opened["dir"]) == (words[:20], words[:40], direction)
    assert headers["ttl"] in ("28800", "28799")
    assert len(headers["topic"]) == 32
    assert headers["authorization"].startswith("vapid ")


@pytest.mark.parametrize(
    ("status", "error", "about"),
    [
        (404, Rejected, "bad_address"),
        (410, Rejected, "bad_address"),
        (413, Rejected, "too_big"),
        (429, Busy, "rate"),
        (403, Busy, "not_admitted"),
        (400, Rejected, "other"),
        (500, Unknown, "500"),
    ],
)
async def test_every_reply_is_told_as_what_it_is(environ, status, error, about):
    async with http_provider(status=status) as provider:
        with pytest.raises(error) as told:
            await sent(open_channel("push", environ), message(to=Device().address(provider.port)))

    assert about in str(told.value)


async def test_a_lost_reply_is_unknown(environ):
    async with http_provider(mode="drop") as provider:
        with pytest.raises(Unknown):
            await sent(open_channel("push", environ), message(to=Device().address(provider.port)))


async def test_an_address_that_is_not_on_a_push_service_is_never_posted_to(environ):
    async with http_provider() as provider:
        with pytest.raises(Rejected):
            await sent(
                open_channel("push", environ), message(to=Device().address(provider.port, "localhost"))
            )
        with pytest.raises(TooLate):
            await sent(open_channel("push", environ), message(to=Device().address(provider.port), use_by=AT))

    assert provider.requests == []


@pytest.mark.parametrize(
    "to",
    ["", "asha@example.org", "[]", "{}", '{"endpoint": 7, "keys": {}}', '{"endpoint": "https://a.example"}'],
)
async def test_what_is_no_subscription_is_refused_as_an_address(environ, to):
    with pytest.raises(Rejected) as refused:
        await sent(open_channel("push", environ), message(to=to))

    assert refused.value.kind == "bad_address"


def test_without_a_key_the_channel_is_not_connected():
    with pytest.raises(NotConnected):
        open_channel("push", {})
