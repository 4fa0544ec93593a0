"""A worker that is put to sleep beyond its lease: another takes over, and who wakes sends nothing."""

import os
import signal
import subprocess
import sys
import threading

from tests.reliability.door import door
from tests.reliability.kills import drained, states_of
from tests.reliability.outbox_of import environment, filled

MESSAGES = 60


def test_a_worker_that_slept_through_its_lease_sends_nothing_when_it_wakes(tmp_path):
    asleep, wake = threading.Event(), threading.Event()
    first: list[str] = []

    def held(place, to):
        if place == "data" and not asleep.is_set():
            first.append(to)
            asleep.set()
            wake.wait(300)

    with door() as relay:
        relay.held = held
        env = environment(tmp_path, relay.url(1)) | {"TIDEOVER_LEASE_SECONDS": "15"}
        filled(env, MESSAGES)
        command = [sys.executable, "-m", "tideover", "work", "--once"]
        sleeper = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
        assert asleep.wait(60)
        os.kill(sleeper.pid, signal.SIGSTOP)

        drained(env)
        by_others = {to: len(it) for to, it in relay.arrived.items()}
        wake.set()
        os.kill(sleeper.pid, signal.SIGCONT)
        sleeper.wait(60)

    assert {to: len(it) for to, it in relay.arrived.items()} == by_others
    assert len(by_others) == MESSAGES - 1
    assert first[0] not in by_others
    assert states_of(env) == {"accepted": MESSAGES - 1, "unknown": 1}
