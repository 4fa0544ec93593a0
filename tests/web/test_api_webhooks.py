"""Events leave for another system: signed, outside only, tried again, and about nobody whom it may not see."""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import httpcore
import pytest

from tests.people import AT, late, outsider, someone
from tests.recording import recorded
from tests.web.api import NOW, system
from tideover.book.actions import record
from tideover.delivery.answers import receive
from tideover.delivery.models import Answer
from tideover.strategy.releases import ensure_shipped
from tideover.support.jobs import open_cases
from tideover.web.api.models import Client, Endpoint, Outgoing
from tideover.web.api.webhooks.delivering import GIVE_UP, deliver_due, post_outside
from tideover.web.api.webhooks.endpoints import add_endpoint
from tideover.web.api.webhooks.events import EVENTS
from tideover.web.api.webhooks.reach import Inside, Outside, UrlRefused, check_url

pytestmark = pytest.mark.django_db
OUTSIDE = "93.184.215.14"


def outside(*_):
    return [OUTSIDE]


class Receiver:
    """Somebody who takes events, and answers as told."""

    def __init__(self, *answers):
        self.answers, self.got = list(answers), []

    def __call__(self, url, headers, body):
        self.got.append((url, headers, body))
        answer = self.answers.pop(0) if self.answers else 204
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def hook(client):
    recorded(late("asha"))
    recorded(outsider())
    system(client, "north")
    made, secret = add_endpoint(
        client=Client.objects.get(), url="https://bank.example/hook", events=EVENTS, at=NOW, resolve=outside
    )
    made.told = secret
    return made


def promise(person, number=1, at=NOW):
    row = {
        "promise_id": f"{person}-{number}",
        "loan_id": f"{person}-loan-1",
        "person_id": person,
        "amount": 500,
    }
    record("promises", [{**row, "on": at.date(), "made_at": at, "origin": "self"}], source="desk", at=at)


def answered(person, number=1):
    Answer.objects.create(
        person_id=person,
        channel="email",
        kind="help",
        certain=True,
        text="I lost my job",
        at=NOW,
        outside_id=f"{person}{number}",
    )


def test_an_event_is_signed_so_that_the_receiver_knows_it_is_ours(hook):
    promise("asha")
    receiver = Receiver()

    assert deliver_due(NOW, post=receiver) == 1

    ((url, told, body),) = receiver.got
    signed = f"{told['webhook-id']}.{told['webhook-timestamp']}.{body}".encode()
    key = base64.b64decode(hook.told.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert told["webhook-signature"] == f"v1,{expected}"
    assert url == "https://bank.example/hook"
    assert json.loads(body)["data"]["promise_id"] == "asha-1"


def test_each_event_is_told_once_and_only_what_came_after_the_endpoint(hook):
    promise("asha", 0, NOW - timedelta(days=1))
    promise("asha", 1)
    receiver = Receiver()

    deliver_due(NOW, post=receiver)
    promise("asha", 1, NOW + timedelta(minutes=1))
    promise("asha", 2, NOW + timedelta(minutes=1))
    deliver_due(NOW + timedelta(minutes=2), post=receiver)
    deliver_due(NOW + timedelta(days=1), post=receiver)

    assert [json.loads(it[2])["data"]["promise_id"] for it in receiver.got] == ["asha-1", "asha-2"]


def test_an_event_says_keys_and_codes_and_never_what_she_wrote(hook):
    answered("asha")
    receiver = Receiver()

    deliver_due(NOW, post=receiver)

    told = json.loads(receiver.got[0][2])
    assert told["type"] == "answer.received"
    assert told["data"] == {
        "person_id": "asha",
        "kind": "help",
        "channel": "email",
        "certain": True,
        "danger": False,
    }


def test_of_an_outsider_nothing_is_told(hook):
    promise("outsider")
    answered("outsider")
    receiver = Receiver()

    deliver_due(NOW, post=receiver)

    assert receiver.got == []
    assert Outgoing.objects.count() == 0


class TestNoEventTellsMoreThanTheKeyMayRead:
    """Where events are sent is one thing, what they may tell another."""

    def hears(self, client, *scopes, events=EVENTS, allowed=None):
        """All that an endpoint of this client is told after she wrote that somebody wants to kill her."""
        recorded(late("asha"))
        ensure_shipped(at=NOW)
        system(client, "north", scopes=("webhooks:manage", *scopes))
        mine = Client.objects.get()
        add_endpoint(client=mine, url="https://bank.example/hook", events=events, at=NOW, resolve=outside)
        Client.objects.update(scopes=mine.scopes if allowed is None else allowed)
        receive(person_id="asha", channel="sms", at=NOW, outside_id="1", text="he says he will kill me, help")
        open_cases(at=NOW)
        receiver = Receiver()
        deliver_due(NOW + timedelta(seconds=5), post=receiver)
        return [json.loads(it[2]) for it in receiver.got]

    def test_danger_is_told_to_whoever_may_read_what_is_restricted(self, client):
        told = self.hears(client, "messages:read", "decisions:read", "decisions:restricted")

        by_type = {it["type"]: it["data"] for it in told}
        assert by_type["answer.received"]["danger"] is True
        assert by_type["case.opened"]["kind"] == "danger"

    def test_to_others_it_is_a_question_like_any_other(self, client):
        told = self.hears(client, "messages:read", "decisions:read")

        assert {it["type"] for it in told} >= {"answer.received", "case.opened"}
        assert "danger" not in json.dumps(told)
        (case,) = [it["data"] for it in told if it["type"] == "case.opened"]
        assert (case["kind"], case["due_on"]) == ("question", str((NOW + timedelta(days=3)).date()))

    def test_a_key_that_lost_its_scopes_hears_nothing_more(self, client):
        told = self.hears(client, "messages:read", "decisions:read", allowed=["webhooks:manage"])

        assert told == []

    @pytest.mark.parametrize(
        ("event", "scope"),
        [(it, "decisions:read" if it == "decision.made" else "messages:read") for it in EVENTS],
    )
    def test_nobody_asks_to_hear_what_they_may_not_read(self, client, event, scope):
        recorded(late("asha"))
        every = {"webhooks:manage", "messages:read", "decisions:read", "decisions:restricted"}
        bank = system(client, "north", scopes=every - {scope})

        refused = bank.post("webhooks", {"url": "https://bank.example/hook", "events": [event]})

        assert (refused.status_code, refused.json()["code"]) == (403, "no_scope")
        assert scope in refused.json()["detail"]
        assert Endpoint.objects.count() == 0


def test_an_event_in_line_is_not_told_to_a_branch_that_she_has_left(hook):
    promise("asha")
    deliver_due(NOW, post=Receiver(OSError()))
    recorded(someone("asha", branch="south", recorded_at=AT))
    receiver = Receiver()

    deliver_due(NOW + timedelta(hours=1), post=receiver)

    assert (receiver.got, Outgoing.objects.get().because) == ([], "not_theirs")


def test_what_fails_is_tried_again_by_the_table_and_given_up_after_three_days(hook):
    promise("asha")
    tries, at = [], NOW
    while Outgoing.objects.filter(state="waiting").exists() or not tries:
        receiver = Receiver(500)
        deliver_due(at, post=receiver)
        tries += [at] * len(receiver.got)
        waiting = Outgoing.objects.get()
        at = max(waiting.due_at, at + timedelta(seconds=1))

    assert 8 <= len(tries) <= 12
    assert tries[-1] - NOW <= GIVE_UP
    assert (waiting.state, waiting.because) == ("given_up", "status_500")


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 429, 500, 503])
def test_anything_but_a_clear_yes_is_tried_again(hook, status):
    promise("asha")

    deliver_due(NOW, post=Receiver(status))

    assert Outgoing.objects.get().state == "waiting"


def test_an_endpoint_that_is_gone_is_closed(hook):
    promise("asha")

    deliver_due(NOW, post=Receiver(410))

    assert Endpoint.objects.get().closed_because == "gone"


def test_an_endpoint_that_hangs_is_not_asked_again_in_the_same_round(hook):
    promise("asha", 1)
    promise("asha", 2)
    receiver = Receiver(OSError("timed out"), OSError("timed out"))

    deliver_due(NOW, post=receiver)

    assert len(receiver.got) == 1
    assert Outgoing.objects.filter(state="waiting").count() == 2


INSIDE = [
    "127.0.0.1", "127.1.2.3", "10." + "1.2.3", "172.16.0.1", "192." + "168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "100.100.100.200", "192.0.0.192", "168.63.129.16", "224.0.0.1", "255.255.255.255", "198.18.0.1", "240.0.0.1",
    "::1", "::", "::ffff:127.0.0.1", "::ffff:" + "10." + "0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fd00:ec2::254", "ff02::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::",
    "2002:a9fe:a9fe::", "2001:0:7f00:1::", "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused_when_saved_and_when_connected(address):
    with pytest.raises(Inside):
        check_url("https://bank.example/", resolve=lambda *_: [OUTSIDE, address])
    with pytest.raises(Inside):
        Outside(lambda *_: [address]).connect_tcp("bank.example", 443)


LITERAL = [
    "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://127.1/", "https://2130706433/", "https://0x7f.1/",
    "https://0177.0.0.1/", "https://localhost/", "https://0/", "https://[fe80::1%25lo]/", "https://127.0.0.1:8443/x?y",
]  # fmt: skip


@pytest.mark.parametrize("url", LITERAL)
def test_an_address_written_in_any_form_is_refused(url):
    with pytest.raises(UrlRefused):
        check_url(url)


ODD = [
    "http://bank.example/", "ftp://bank.example/", "file:///etc/passwd", "gopher://bank.example/", "https://", "https:///x", "bank.example",
    "https://user:pw@bank.example/", "https://bank.example#x",
    "https://bank.example\\@127.0.0.1/", "https://bank.example:99999/",
    "https://bank.example/\r\nHost: x", "https://bänk.example/", "https://bank.example /", "https://%31%32%37.0.0.1/",
    "javascript:alert(1)",
]  # fmt: skip


@pytest.mark.parametrize("url", ODD)
def test_an_odd_address_is_refused(url):
    with pytest.raises(UrlRefused):
        check_url(url, resolve=outside)


def test_a_name_that_turns_inside_after_it_was_checked_is_not_connected_to(monkeypatch):
    answers = iter([[OUTSIDE], ["127.0.0.1"]])
    monkeypatch.setattr("tideover.web.api.webhooks.reach.socket.getaddrinfo", lambda *_, **__: [
        (2, 1, 6, "", (it, 443)) for it in next(answers)
    ])  # fmt: skip

    with pytest.raises(Inside):
        post_outside("https://rebind.example/", {}, "{}")


def test_the_address_that_was_looked_at_is_the_one_connected_to(monkeypatch):
    asked, connected = [], []

    def resolve(host, port):
        asked.append(host)
        return [OUTSIDE]

    backend = Outside(resolve)
    monkeypatch.setattr(backend._plain, "connect_tcp", lambda host, *_, **__: connected.append(host))
    backend.connect_tcp("bank.example", 443)

    assert (asked, connected) == (["bank.example"], [OUTSIDE])


class _Redirecting(BaseHTTPRequestHandler):
    hosts: ClassVar[list] = []

    def do_POST(self):
        self.hosts.append((self.path, self.headers["Host"]))
        self.send_response(302)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_):
        pass


def test_over_the_wire_the_name_stays_the_host_and_a_redirect_is_not_followed(settings, monkeypatch):
    settings.DEMO, settings.WEBHOOK_INSIDE = True, ("127.0.0.0/8",)
    server = HTTPServer(("127.0.0.1", 0), _Redirecting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]

    def resolve(*_):
        return ["127.0.0.1"]

    assert post_outside(f"http://bank.example:{port}/hook", {"webhook-id": "m"}, "{}", resolve=resolve) == 302

    server.shutdown()
    assert _Redirecting.hosts == [("/hook", f"bank.example:{port}")]


def dripping(stop):
    """Where somebody listens who says one letter of a header at a time, and never comes to an end."""
    listening = socket.create_server(("127.0.0.1", 0))

    def drip():
        one, _ = listening.accept()
        with one, suppress(OSError):
            one.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not stop.wait(0.05):
                one.sendall(b"a")

    threading.Thread(target=drip, daemon=True).start()
    return listening.getsockname()[1]


def test_a_receiver_that_talks_for_ever_is_left_when_its_time_is_over(settings):
    settings.DEMO, settings.WEBHOOK_INSIDE, stop = True, ("127.0.0.0/8",), threading.Event()
    port, begun = dripping(stop), time.monotonic()

    with pytest.raises(httpcore.TimeoutException):
        post_outside(f"http://bank.example:{port}/", {}, "{}", resolve=lambda *_: ["127.0.0.1"], within=0.5)

    stop.set()
    assert time.monotonic() - begun < 3


def test_what_a_run_has_no_time_for_is_given_back_and_waits_for_nothing(hook, monkeypatch):
    promise("asha", 1)
    promise("asha", 2)
    monkeypatch.setattr("tideover.web.api.webhooks.delivering.A_RUN", -1)

    deliver_due(NOW, post=Receiver())
    monkeypatch.undo()

    receiver = Receiver()
    deliver_due(NOW, post=receiver)
    assert len(receiver.got) == 2


class TestByTheApi:
    @pytest.fixture
    def bank(self, client, monkeypatch):
        monkeypatch.setattr(
            "tideover.web.api.webhooks.reach.socket.getaddrinfo",
            lambda *_, **__: [(2, 1, 6, "", (OUTSIDE, 443))],
        )
        return system(client, "north")

    def test_the_secret_is_shown_once_and_sealed(self, bank):
        added = bank.post(
            "webhooks",
            {"url": "https://bank.example/", "events": ["promise.made"]},
            **{"Idempotency-Key": "k"},
        )

        assert added.json()["secret"].startswith("whsec_")
        assert "secret" not in bank.get("webhooks").json()["webhooks"][0]

    def test_inside_is_refused_with_a_reason(self, bank):
        answer = bank.post(
            "webhooks", {"url": "https://169.254.169.254/latest/meta-data", "events": ["promise.made"]}
        )

        assert (answer.status_code, answer.json()["code"]) == (422, "url_refused")

    def test_one_client_does_not_close_anothers(self, bank, client):
        made = bank.post("webhooks", {"url": "https://bank.example/", "events": ["promise.made"]}).json()
        other = system(client, "south", name="south")

        assert other.post(f"webhooks/{made['webhook_id']}/close", {}).status_code == 404
        assert other.get("webhooks").json() == {"webhooks": []}
        assert bank.post(f"webhooks/{made['webhook_id']}/close", {}).status_code == 200
