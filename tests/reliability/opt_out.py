"""A stop while two workers empty a full outbox: how long after the answer does a message of that scope still leave?"""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.reliability.door import Door, door
from tests.reliability.outbox_of import environment, filled

SECRET = b"a secret of more than sixteen bytes"
STARTS_AT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
"""A quiet Wednesday, ten in the morning in London: from then on the clock of the bar runs."""

STOPS = (
    "STOP",
    "বন্ধ",
    "STOPĒT",
    "DỪNG",
    "لغو",
    "BAJA",
    "बंद करो",
    "PARE",
    "СТОП",
    "STOPP",
    "ＳＴＯＰ",
    "stop\u200d",
)
"""In ten languages, in wide letters, and with what a keyboard adds unseen."""

WAYS = ("one_click", "text", "text", "one_click", "button")
PROMISED = 5.0
FILL = (
    "from tests.reliability.outbox_of import fill; import sys;"
    "fill(int(sys.argv[1]), 'hardship_check_in', ('email', 'sms'))"
)


def run(full: bool) -> dict[str, object]:
    """50 stops over 100,000 queued messages; or two over 2,000."""
    return (
        stopped(queued=100_000, trials=50, watch=6.0) if full else stopped(queued=2_000, trials=2, watch=2.0)
    )


def stopped(
    queued: int, trials: int, watch: float, seed: int = 1, database_url: str = ""
) -> dict[str, object]:
    """So many stops, each at a random instant, aimed at a message that is just about to leave."""
    with tempfile.TemporaryDirectory(prefix="tideover-opt-out-") as place, _clock(Path(place)) as clock:
        port, gateway, relay = _free_port(), _Gateway(), door()
        with relay as mails, gateway:
            env = environment(Path(place), mails.url(4), database_url) | {
                "TIDEOVER_CLOCK_FILE": str(clock), "TIDEOVER_HOSTS": "127.0.0.1", "TIDEOVER_PUBLIC_URL": f"http://127.0.0.1:{port}",
                "TIDEOVER_SMS_URL": f"http://us:word@127.0.0.1:{gateway.port}/send?sessions=4",
                "TIDEOVER_SMS_WEBHOOK_SECRET_FILE": str(Path(place) / "secret"), "TIDEOVER_LEASE_SECONDS": "45",
            }  # fmt: skip
            (Path(place) / "secret").write_bytes(SECRET)
            began = time.monotonic()
            filled(env, queued, FILL)
            took = time.monotonic() - began
            with _running(env, port):
                presses = _presses(env, port, trials, watch, seed)
            found = _measured(presses, mails, gateway)
    return {"queued": queued, "seconds_to_fill": round(took), **found}


def _presses(env: dict[str, str], port: int, trials: int, watch: float, seed: int) -> list[dict[str, object]]:
    command = [
        sys.executable,
        "-m",
        "tests.reliability.opt_out",
        str(port),
        str(trials),
        str(watch),
        str(seed),
    ]
    done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def _measured(presses: list[dict[str, object]], mails: Door, gateway: _Gateway) -> dict[str, object]:
    """The longest time by which a message of a stopped scope came after the answer."""
    arrived = {**mails.by_message, **gateway.by_message}
    after: list[float] = []
    for it in presses:
        answered, until = float(str(it["answered"])), float(str(it["until"]))
        scope = arrived.values() if it["way"] == "button" else filter(None, [arrived.get(str(it["message"]))])
        after += [max([when - answered for when in scope if answered < when <= until], default=0.0)]
    waits = sorted(float(str(it["took"])) for it in presses)
    return {
        "stops": len(presses), "by_way": {way: sum(it["way"] == way for it in presses) for way in set(WAYS)},
        "sent_in_all": len(arrived), "stopped_before_they_left": sum(it["state"] == "suppressed" for it in presses),
        "seconds_until_the_last": round(max(after, default=0.0), 3), "came_after_the_answer": sum(it > 0 for it in after),
        "longest_answer_seconds": round(waits[-1], 3) if waits else None,
        "passed": bool(presses) and bool(arrived) and max(after) <= PROMISED,
    }  # fmt: skip


class _Gateway:
    """A text gateway that notes when each message came."""

    def __init__(self) -> None:
        self.by_message: dict[str, float] = {}
        noted = self.by_message

        class Taking(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) < length:  # taken back at the last look
                    self.close_connection = True
                    return
                told = json.loads(body)
                noted.setdefault(told["reference"], time.time())
                reply = json.dumps({"id": told["reference"]}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
        self.port = self._server.server_address[1]

    def __enter__(self) -> None:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()


@contextmanager
def _clock(place: Path):
    """A clock that starts on a weekday morning and runs on."""
    file, began, ends = place / "clock", time.monotonic(), threading.Event()

    def tick() -> None:
        new = file.with_suffix(".new")
        new.write_text((STARTS_AT + timedelta(seconds=int(time.monotonic() - began))).isoformat(), "utf-8")
        new.replace(file)

    def turning() -> None:
        while not ends.wait(0.2):
            tick()

    tick()
    threading.Thread(target=turning, daemon=True).start()
    try:
        yield file
    finally:
        ends.set()


@contextmanager
def _running(env: dict[str, str], port: int):
    """The pages and two workers."""
    command = [sys.executable, "-m", "tideover"]
    quiet = {"env": env, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    processes = [
        subprocess.Popen([*command, *what], **quiet)
        for what in (["serve", "--port", str(port)], ["work"], ["work"])
    ]
    try:
        _until_up(port)
        yield
    finally:
        for it in processes:
            it.kill()
            it.wait()


def _until_up(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def press_all(port: int, trials: int, watch: float, seed: int) -> None:
    """In a process of its own: one stop after the other, each told in a line of JSON."""
    from tideover.delivery.models import Message

    chance = random.Random(seed)
    while not Message.objects.filter(state="accepted").exists():
        time.sleep(0.1)
    told = []
    for trial in range(trials):
        time.sleep(chance.uniform(0.1, 1.0))
        way = WAYS[trial % len(WAYS)]
        told.append(_button(watch) if way == "button" else _person(way, port, trial, chance))
    time.sleep(watch)
    for it in told:
        it["state"] = Message.objects.get(message_id=it["message"]).state if it["message"] else ""
        it["until"] = it["until"] or time.time()
        sys.stdout.write(json.dumps(it) + "\n")


def _person(way: str, port: int, trial: int, chance: random.Random) -> dict[str, object]:
    """Somebody whose message is next to leave says stop."""
    from tideover.delivery.models import Message

    by = "email" if way == "one_click" else "sms"
    near = Message.objects.filter(channel=by, purpose="hardship_check_in", state__in=("claimed", "queued"))
    message = chance.choice(near.order_by("due_at", "pk")[: chance.choice((40, 400, 1_500))])
    began = time.time()
    _one_click(port, message) if way == "one_click" else _text(
        port, message, STOPS[trial % len(STOPS)], trial
    )
    answered = time.time()
    return {
        "way": way,
        "message": message.message_id,
        "took": answered - began,
        "answered": answered,
        "until": 0,
    }


def _one_click(port: int, message) -> None:
    from tideover.delivery.links import one_click

    body = "List-Unsubscribe=One-Click"
    _post(
        port,
        "/u/" + one_click(message).rpartition("/u/")[2],
        body,
        {"Content-Type": "application/x-www-form-urlencoded"},
    )


def _text(port: int, message, word: str, trial: int) -> None:
    from tests.reliability.outbox_of import number_of
    from tideover.access.clock import now
    from tideover.delivery.channels.sms.receipts import signature_of

    body = json.dumps({"id": f"in-{trial}", "from": number_of(message.person_id), "to": "us", "text": word})
    at = str(int(now().timestamp()))
    signed = {"X-Timestamp": at, "X-Signature": signature_of(body.encode(), at, SECRET)}
    _post(port, "/in/sms", body, {"Content-Type": "application/json", **signed})


def _post(port: int, path: str, body: str, headers: dict[str, str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", path, body.encode(), headers)
    reply = connection.getresponse()
    text = reply.read()
    connection.close()
    if reply.status != 200:
        raise AssertionError(f"{path}: {reply.status} {text[:300]!r}")


def _button(watch: float) -> dict[str, object]:
    """Everything is stopped, watched, and let go on."""
    from tideover.access.clock import now
    from tideover.strategy.stops import lift, press

    began = time.time()
    press(by="lead", at=now())
    answered = time.time()
    time.sleep(watch)
    until = time.time()
    lift(by="lead", at=now())
    return {"way": "button", "message": "", "took": answered - began, "answered": answered, "until": until}


def _main() -> None:
    import django

    django.setup()
    press_all(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tideover.settings")
    _main()
