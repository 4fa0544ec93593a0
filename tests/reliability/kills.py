"""Workers are killed at random instants while they send; afterwards every message has one fate, and none came twice."""

import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.delivery.sink import Relay, Sink
from tests.reliability.outbox_of import environment, filled
from tests.reliability.server import postgres

ENDED = {"accepted", "rejected", "suppressed", "unknown"}
STANDS_STILL = 120
"""Seconds. A slow machine may take long over many messages, but not over the next one."""

STATES = "SELECT state, count(*) FROM delivery_message GROUP BY state"


def run(full: bool) -> dict[str, object]:
    """200 kills on this database and on PostgreSQL; or a few."""
    if not full:
        found = kill_workers(kills=2, people=1_000, seed=7)
        return {**found, "passed": _holds(found, 2)}
    on_sqlite = kill_workers(kills=200, people=60_000, seed=1)
    with postgres() as server:
        on_postgresql = kill_workers(kills=200, people=60_000, seed=2, database_url=server.url)
    return {
        "sqlite": on_sqlite, "postgresql": on_postgresql, "passed": _holds(on_sqlite, 200) and _holds(on_postgresql, 200)
    }  # fmt: skip


def _holds(found: dict[str, object], kills: int) -> bool:
    return (
        found["kills"] == kills
        and not found["without_a_fate"]
        and not found["sent_twice"]
        and bool(found["reached_the_sink"])
    )


def kill_workers(kills: int, people: int, seed: int, database_url: str = "") -> dict[str, object]:
    """So many kills of two workers side by side, then one worker to the end; what became of every message."""
    chance, sink = random.Random(seed), Sink()
    relay = Relay(sink)
    relay.start()
    with tempfile.TemporaryDirectory(prefix="tideover-kills-") as place:
        env = environment(Path(place), relay.url, database_url)
        filled(env, people)
        killed = 0
        while killed < kills and still_open(env):
            workers = [_worker(env) for _ in range(2)]
            _until_they_send(env)
            time.sleep(chance.uniform(0.0, 3.0))
            for it in workers:
                it.kill()
                it.wait()
                killed += 1
        time.sleep(7)  # the leases of the dead run out
        began = time.monotonic()
        drained(env)
        states = states_of(env)
    relay.stop()
    copies = Counter(mail["Message-ID"] for _, mail in sink.mails)
    return {
        "kills": killed, "messages": people, "states": states, "reached_the_sink": len(copies),
        "sent_twice": sum(1 for count in copies.values() if count > 1),
        "without_a_fate": people - sum(count for state, count in states.items() if state in ENDED),
        "seconds_to_take_over": round(time.monotonic() - began, 1),
    }  # fmt: skip


_COMMAND = [sys.executable, "-m", "tideover", "work"]


def _until_they_send(env: dict[str, str]) -> None:
    """They need some seconds to start."""
    before, began = still_open(env), time.monotonic()
    while still_open(env) == before and time.monotonic() - began < 60:
        time.sleep(0.1)


def drained(env: dict[str, str]) -> None:
    """Workers, one after the other, until every message has its fate, or none has found one for two minutes."""
    left, moved = still_open(env), time.monotonic()
    while left and time.monotonic() - moved < STANDS_STILL:
        subprocess.run([*_COMMAND, "--once"], env=env, check=True, capture_output=True)
        time.sleep(0.5)
        if (fewer := still_open(env)) < left:
            left, moved = fewer, time.monotonic()


def _worker(env):
    return subprocess.Popen(_COMMAND, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def states_of(env: dict[str, str]) -> dict[str, int]:
    """How many messages are in which state."""
    with _connected(env["TIDEOVER_DATABASE_URL"]) as rows:
        return dict(rows(STATES))


def still_open(env: dict[str, str]) -> int:
    """How many messages have no fate yet."""
    return sum(count for state, count in states_of(env).items() if state not in ENDED)


@contextmanager
def _connected(url):
    if url.startswith("sqlite"):
        with closing(
            sqlite3.connect(urlsplit(url).path.removeprefix("/") if url.count("/") < 4 else url[10:])
        ) as known:
            yield lambda query: known.execute(query).fetchall()
    else:
        import psycopg

        with psycopg.connect(url) as known:
            yield lambda query: known.execute(query).fetchall()
