"""The page for cards: asked for once, at Stripe's address, with a number in place of names; and their own test server."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar
from urllib.parse import parse_qs

import pytest
import stripe

from tests.recording import NOW
from tests.repayment.ways.connected import SIGNING, stripe_event, stripe_signature
from tideover.kit.money import Money
from tideover.repayment.ways.card.events import read_events
from tideover.repayment.ways.card.settings import read_settings
from tideover.repayment.ways.contract import Ask, DoesNotAnswer, NotConnected, Redirect
from tideover.repayment.ways.register import open_way

ASKED = Ask(
    "a1b2c3",
    Money(12_050, "EUR"),
    "RF18539007547034",
    "https://lender.example/me/pay/i/a1b2c3/receipt/",
    "lv",
)


class Stripe(BaseHTTPRequestHandler):
    """Answers a Checkout Session as Stripe documents it."""

    seen: ClassVar[list] = []
    status = 200

    def do_POST(self):
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        type(self).seen.append((self.path, dict(self.headers), body))
        told = {
            "id": "cs_test_1",
            "object": "checkout.session",
            "url": "https://checkout.example/pay/cs_test_1",
        }
        if self.status != 200:
            told = {"error": {"type": "api_error", "message": "no"}}
        said = json.dumps(told).encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(environ):
    Stripe.seen, Stripe.status = [], 200
    found = HTTPServer(("127.0.0.1", 0), Stripe)
    Thread(target=found.serve_forever, daemon=True).start()
    yield {**environ, "TIDEOVER_PAY_STRIPE_URL": f"http://127.0.0.1:{found.server_port}"}
    found.shutdown()
    found.server_close()


def test_the_page_is_asked_for_with_an_amount_a_number_and_no_name(server):
    begun = open_way("card", server).begin(ASKED)

    path, headers, body = Stripe.seen[0]
    assert begun == Redirect("https://checkout.example/pay/cs_test_1", "cs_test_1")
    assert path == "/v1/checkout/sessions"
    assert headers["Idempotency-Key"] == "tideover-a1b2c3"
    assert body["line_items[0][price_data][unit_amount]"] == ["12050"]
    assert body["line_items[0][price_data][currency]"] == ["eur"]
    assert body["metadata[tideover]"] == body["payment_intent_data[metadata][tideover]"] == ["a1b2c3"]
    assert (body["mode"], body["locale"]) == (["payment"], ["lv"])
    assert not any("loan" in json.dumps(it) for it in body.items())


def test_a_page_that_does_not_open_is_said_and_names_nothing(server):
    Stripe.status = 400

    with pytest.raises(DoesNotAnswer, match="does not open now"):
        open_way("card", server).begin(ASKED)


def test_nobody_there_is_said_too(environ):
    with pytest.raises(DoesNotAnswer):
        open_way("card", {**environ, "TIDEOVER_PAY_STRIPE_URL": "http://127.0.0.1:9"}).begin(ASKED)


def test_a_currency_that_is_counted_in_another_way_is_not_connected(environ):
    with pytest.raises(NotConnected, match="HUF"):
        read_settings({**environ, "TIDEOVER_PAY_STRIPE_CURRENCIES": "EUR,HUF"})


def test_keys_do_not_show_in_what_is_logged(environ):
    assert "sk_test" not in repr(read_settings(environ))
    assert SIGNING.decode() not in repr(read_settings(environ))


@pytest.fixture(scope="module")
def localstripe():
    """Stripe's double, which signs its webhooks as they do."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = subprocess.Popen(
        [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    os.killpg(started.pid, signal.SIGTERM)
    started.wait(10)


def test_what_stripes_double_says_of_a_payment_is_understood(localstripe, environ):
    """A payment intent made there, told by the shape that it answers with, signed as webhooks are."""
    client = stripe.StripeClient("sk_test_harbour", base_addresses={"api": localstripe})
    made = client.v1.payment_intents.create(
        {"amount": 12_050, "currency": "eur", "metadata": {"tideover": "a1b2c3"}}
    )
    about = {**json.loads(str(made)), "amount_received": 12_050}
    body = json.dumps(stripe_event("payment_intent.succeeded", about, number=1)).encode()

    (heard,) = read_events(body, stripe_signature(body), read_settings(environ), NOW)

    assert (heard.kind, heard.amount, heard.about, heard.ref) == (
        "paid",
        Money(12_050, "EUR"),
        "a1b2c3",
        made.id,
    )
