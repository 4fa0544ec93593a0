"""The API under many hands: one key asked for by hundreds at once has one effect, and thousands of odd requests find no error of ours.

Against the product as it runs: `tideover serve` in a process of its own, over real connections.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager
from pathlib import Path

from tests.reliability.outbox_of import environment

FULL = {"at_once": 500, "cases": 20_000}
SAMPLE = {"at_once": 40, "cases": 200}
FILL = "from tests.reliability.api import fill; fill()"
NOT_OURS = {"positive_data_acceptance"}
"""A row may name a person whom nobody knows: what fits the description may still be refused, with a reason."""


def run(full: bool) -> dict[str, object]:
    """Every figure of the proof; `passed` where one request had one effect and every answer is as it is described."""
    size = FULL if full else SAMPLE
    with tempfile.TemporaryDirectory(prefix="tideover-api-") as place, _served(Path(place)) as (port, key):
        once = at_once(port, key, size["at_once"], Path(place) / "kills.db")
        odd = odd_requests(port, key, size["cases"])
    passed = once["effects"] == 1 and once["different_answers"] == 1 and not once["errors"]
    return {
        "once": once,
        "odd": odd,
        "passed": passed and not odd["failed"] and odd["cases"] >= size["cases"],
    }


def at_once(port: int, key: str, many: int, database: Path) -> dict[str, object]:
    """The same request under the same key, by so many connections at one instant."""
    begin, answers = threading.Barrier(many), []

    def ask():
        headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Idempotency-Key": "one",
        }
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as line:
            line.connect()
            begin.wait()
            line.request("POST", "/api/people/asha/holds", json.dumps({"kind": "hardship"}), headers)
            answer = line.getresponse()
            answers.append((answer.status, answer.read()))

    started = time.perf_counter()
    threads = [threading.Thread(target=ask) for _ in range(many)]
    for it in threads:
        it.start()
    for it in threads:
        it.join()
    seconds = time.perf_counter() - started
    statuses = Counter(status for status, _ in answers)
    with closing(sqlite3.connect(database)) as known:
        effects = known.execute("SELECT count(*) FROM book_holds").fetchone()[0]
    return {
        "asked": many, "answered": len(answers), "statuses": {str(it): count for it, count in sorted(statuses.items())},
        "effects": effects, "different_answers": len({body for status, body in answers if status == 201}),
        "errors": many - len(answers) + sum(count for status, count in statuses.items() if status not in (201, 409, 503)),
        "seconds": round(seconds, 1),
    }  # fmt: skip


def odd_requests(port: int, key: str, cases: int) -> dict[str, object]:
    """Requests that fit the description and requests that break it, of every operation; what was not as described."""
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.checks import CHECKS, load_all_checks

    load_all_checks()
    checks = [it for it in CHECKS.get_all() if it.__name__ not in NOT_OURS]
    schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{port}/api/openapi.json")
    operations = [it.ok() for it in schema.get_all_operations()]
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    each = -(-cases // (len(operations) * len(modes)))
    asked, failed = Counter(), {}
    while asked.total() < cases and len(failed) < len(operations):
        before = asked.total()
        for operation in operations:
            for mode in modes:
                wrong = _walked(operation, mode, each, key, checks, asked)
                if wrong:
                    failed[operation.label] = wrong
        if asked.total() == before or failed:
            break
    return {"operations": len(operations), "checks": len(checks), "cases": asked.total(), "failed": failed}


def _walked(operation, mode, examples, key, checks, asked) -> str:
    """What was wrong with an answer; "" where nothing was."""
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis.errors import Unsatisfiable
    from schemathesis.core.failures import FailureGroup

    @given(case=operation.as_strategy(generation_mode=mode))
    @seed(asked.total())
    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )  # fmt: skip
    def walk(case):
        asked[operation.label] += 1
        case.path_parameters = {**(case.path_parameters or {})}
        if "person_id" in case.path_parameters and len(str(case.path_parameters["person_id"])) % 2:
            case.path_parameters["person_id"] = "asha"
        case.call_and_validate(headers=_signed(case, key), checks=checks)

    try:
        walk()
    except Unsatisfiable:
        return ""  # an operation that cannot be asked wrongly in this way
    except (AssertionError, FailureGroup) as failure:
        return str(failure)[:600]
    return ""


def _signed(case, key) -> dict[str, str]:
    """The key; but a request that is odd because it has none goes without."""
    from schemathesis.core.parameters import ParameterLocation

    header = case.meta.components.get(ParameterLocation.HEADER)
    has_none = header and header.mode.is_negative and "Authorization" not in (case.headers or {})
    return {} if has_none else {"Authorization": f"Bearer {key}"}


@contextmanager
def _served(place: Path):
    env = environment(place, "smtp://127.0.0.1:1") | {
        "TIDEOVER_PUBLIC_URL": "http://127.0.0.1",
        "TIDEOVER_HOSTS": "127.0.0.1",
    }
    command = [sys.executable, "-m", "tideover"]
    subprocess.run([*command, "migrate"], env=env, check=True, capture_output=True)
    key = subprocess.run(
        [sys.executable, "-c", FILL], env=env, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (place / "serve.log").open("wb") as log:
        server = subprocess.Popen([*command, "serve", "--port", str(port)], env=env, stdout=log, stderr=log)
        try:
            _until_ready(port)
            yield port, key
        finally:
            server.terminate()
            server.wait(20)


def _until_ready(port: int) -> None:
    for _ in range(600):
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as line:
                line.request("GET", "/readyz")
                if line.getresponse().status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the server does not answer")


def fill() -> None:
    """Somebody late, an outsider, and a client of every scope whose key is said."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tideover.settings")
    django.setup()
    from tests.people import AT, fresh_payments, late, outsider, together
    from tests.recording import recorded
    from tests.web.api import NOW
    from tideover.web.api.clients import make_client
    from tideover.web.api.scopes import Scope

    recorded(together(late("asha"), outsider(), fresh_payments(AT + 86_400)))
    key = make_client(
        name="many hands", scopes=tuple(Scope), branches=("north",), roles=["agent", "lead"], a_minute=10_000_000, at=NOW
    )  # fmt: skip
    sys.stdout.write(f"{key}\n")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(full="--full" in sys.argv), indent=1) + "\n")
