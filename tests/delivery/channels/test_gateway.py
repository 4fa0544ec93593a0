"""Text messages by an HTTP gateway, over real HTTP."""

import asyncio
import json
from datetime import timedelta

import pytest

from tests.delivery.http_sink import http_provider
from tests.delivery.messages import AT, SCRIPTS, sent, text_message
from tideover.delivery.channels import Busy, NotConnected, Rejected, TooLate, Unknown, Withdrawn, open_channel
from tideover.delivery.channels.sms.receipts import Forged, read_webhook, signature_of
from tideover.delivery.incoming import Answered, Receipt

SECRET = b"a secret of thirty-two characters"


def sms(provider):
    url = f"http://user:pass@127.0.0.1:{provider.port}/send?timeout=2&reply_timeout=0.5"
    return open_channel("sms", {"TIDEOVER_SMS_URL": url})


async def test_an_accepted_text_went_once_with_a_key_for_repeats():
    async with http_provider() as provider:
        accepted = await sent(sms(provider), text_message(text=SCRIPTS["fa"][1], template_id="t7"))

    (first, headers, body), *others = provider.requests
    told = json.loads(body)
    assert (accepted.reference, others) == ("g1", [])
    assert first == "POST /send HTTP/1.1"
    assert headers["idempotency-key"] == told["reference"] == "<i1.tideover@lender.example>"
    assert (told["text"], told["template_id"]) == (SCRIPTS["fa"][1], "t7")
    assert told["use_by"] == "2026-11-20T17:00:00+00:00"


@pytest.mark.parametrize(
    ("status", "reply", "error", "about"),
    [
        (429, {}, Busy, "rate"),
        (401, {}, Busy, "not_admitted"),
        (302, {}, Busy, "not_admitted"),
        (400, {"error": "bad_address", "permanent": True}, Rejected, "bad_address"),
        (400, {"error": "never heard of"}, Rejected, "other"),
        (422, {"error": "policy"}, Rejected, "policy"),
        (413, {}, Rejected, "too_big"),
        (500, {}, Unknown, "500"),
        (502, {}, Unknown, "502"),
        (504, {}, Unknown, "504"),
        (409, {}, Unknown, "409"),
    ],
)
async def test_every_reply_is_told_as_what_it_is(status, reply, error, about):
    async with http_provider(status=status, reply=reply) as provider:
        with pytest.raises(error) as told:
            await sent(sms(provider), text_message())

    assert about in str(told.value)


async def test_the_last_look_is_taken_when_only_the_body_is_left_to_send():
    async with http_provider() as provider:

        async def opted_out_while_we_dialled():
            while not provider.heads:
                await asyncio.sleep(0.01)
            return False

        with pytest.raises(Withdrawn):
            await asyncio.wait_for(
                sent(sms(provider), text_message(), may_leave=opted_out_while_we_dialled), 2
            )

    assert (provider.heads, provider.requests) == (1, [])


async def test_a_repeat_that_the_gateway_knows_is_accepted_again():
    async with http_provider(status=409, reply={"id": "g1"}) as provider:
        accepted = await sent(sms(provider), text_message())

    assert accepted.reference == "g1"


async def test_a_gateway_says_how_long_to_wait():
    async with http_provider(status=429, headers={"Retry-After": "90"}) as provider:
        with pytest.raises(Busy) as busy:
            await sent(sms(provider), text_message())

    assert busy.value.retry_after == timedelta(seconds=90)


@pytest.mark.parametrize("mode", ["drop", "stall"])
async def test_a_lost_reply_is_unknown_because_the_text_may_have_been_taken(mode):
    async with http_provider(mode=mode) as provider:
        with pytest.raises(Unknown):
            await sent(sms(provider), text_message())

    assert len(provider.requests) == 1


async def test_a_gateway_that_is_away_is_busy_and_too_late_is_too_late():
    async with http_provider() as provider:
        with pytest.raises(TooLate):
            await sent(sms(provider), text_message(use_by=AT))
    with pytest.raises(Busy):
        await sent(sms(provider), text_message())

    assert provider.requests == []


def test_without_tls_only_this_machine_is_talked_to():
    with pytest.raises(NotConnected):
        open_channel("sms", {"TIDEOVER_SMS_URL": "http://user:pass@gateway.example/send"})


def webhook(told, *, secret=SECRET, at=AT, signed=None):
    body = json.dumps(told).encode()
    moment = str(int(at.timestamp()))
    return read_webhook(
        body,
        signed_at=moment,
        signature=signed or signature_of(body, moment, secret),
        secret=SECRET,
        at=AT,
    )


def test_a_signed_webhook_is_read():
    told = [
        {"id": "g1", "state": "delivered"},
        {"id": "g2", "state": "failed", "error": "bad_address"},
        {"id": "m1", "from": "+447700900123", "to": "6000", "text": "STOP"},
        {"nothing": "here"},
        7,
    ]

    delivered, failed, stop = webhook(told)

    assert isinstance(delivered, Receipt)
    assert (delivered.reference, delivered.state) == ("g1", "delivered")
    assert (failed.kind, failed.permanent) == ("bad_address", True)
    assert isinstance(stop, Answered)
    assert stop.text == "STOP"


@pytest.mark.parametrize(
    "how",
    [
        {"secret": b"another secret, just as long as it"},
        {"at": AT - timedelta(minutes=6)},
        {"at": AT + timedelta(minutes=6)},
        {"signed": "0" * 64},
        {"signed": "é"},
    ],
)
def test_a_forged_or_stale_webhook_is_refused(how):
    with pytest.raises(Forged):
        webhook({"id": "g1", "state": "delivered"}, **how)


def test_without_a_secret_no_webhook_is_taken():
    body = b"{}"
    with pytest.raises(Forged):
        read_webhook(body, signed_at="1", signature=signature_of(body, "1", b""), secret=b"", at=AT)
