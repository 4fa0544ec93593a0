"""PostgreSQL dies and comes back under working workers: nothing is lost, none comes twice, and soon they go on."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.reliability.door import Door, door
from tests.reliability.kills import ENDED, states_of, still_open
from tests.reliability.outbox_of import environment, filled
from tests.reliability.server import postgres

SOON = 10.0
"""Seconds after the server answers again within which a message must leave."""

LONGEST = 60.0
"""Seconds after which nobody waits for one any more: on whatever machine, these workers do not go on."""

ENOUGH = 500
"""With fewer waiting, all may be in hands that a restart cut off; those are free again when their lease ends."""


def run(full: bool) -> dict[str, object]:
    """20 restarts; or one."""
    return restarted(restarts=20, people=20_000) if full else restarted(restarts=1, people=2_000)


def restarted(restarts: int, people: int, seed: int = 1) -> dict[str, object]:
    """The server is killed at random instants and started again; the workers are the same from first to last."""
    chance, waits, left = random.Random(seed), [], []
    with (
        tempfile.TemporaryDirectory(prefix="tideover-restarts-") as place,
        door() as relay,
        postgres() as server,
    ):
        env = environment(Path(place), relay.url(4), server.url)
        filled(env, people)
        workers = [
            subprocess.Popen([sys.executable, "-m", "tideover", "work"], env=env, stdout=subprocess.DEVNULL)
            for _ in range(2)
        ]
        _next_after(relay, time.time(), within=LONGEST)
        done = 0
        while done < restarts and still_open(env):
            time.sleep(chance.uniform(0.2, 2.0))
            server.kill()
            server.start()
            waiting = states_of(env).get("queued", 0)
            took = _next_after(relay, time.time(), within=LONGEST)
            (waits if waiting >= ENOUGH else left).append(round(took, 2))
            done += 1
        alive = sum(it.poll() is None for it in workers)
        began = time.monotonic()
        while still_open(env) and time.monotonic() - began < 900:
            time.sleep(0.5)
        for it in workers:
            it.kill()
            it.wait()
        states = states_of(env)
    lost = people - sum(count for state, count in states.items() if state in ENDED)
    twice = sum(len(it) > 1 for it in relay.arrived.values())
    kept = done == restarts and not lost and not twice and alive == 2
    return {
        "restarts": done, "messages": people, "states": states, "without_a_fate": lost, "sent_twice": twice,
        "workers_that_lived": alive, "longest_seconds_until_the_next": max(waits, default=0.0), "when_few_were_left": left,
        "nothing_lost": kept, "passed": kept and max(waits, default=SOON) <= SOON,
    }  # fmt: skip


def _next_after(relay: Door, since: float, within: float) -> float:
    """Seconds until a message arrives."""
    began, before = time.monotonic(), len(relay.arrived)
    while len(relay.arrived) == before and time.monotonic() - began < within:
        time.sleep(0.02)
    return time.time() - since
