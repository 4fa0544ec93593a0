"""The drill: a backup, some sends, the backup in place of the database, a worker. Nothing leaves before two people agree."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.reliability.door import Door, door
from tests.reliability.kills import states_of
from tests.reliability.outbox_of import environment, filled
from tests.reliability.server import Postgres, postgres

FEW = 10
"""Messages of people who are written to after the release."""

LATER = 1_000_000
"""The keys of people who are written to after the release are numbered from here."""

RELEASE = "from tests.reliability.restore import release; import sys; release(int(sys.argv[1]))"


def run(full: bool) -> dict[str, object]:
    """1,000 sends after the backup, on both databases; or a few on SQLite."""
    if not full:
        return drilled(messages=40)
    with postgres() as server:
        found = {"sqlite": drilled(messages=1_000), "postgresql": drilled(messages=1_000, server=server)}
    return {**found, "passed": all(it["passed"] for it in found.values())}


def drilled(messages: int, server: Postgres | None = None) -> dict[str, object]:
    """One drill, by the commands that an operator gives."""
    with tempfile.TemporaryDirectory(prefix="tideover-restore-") as place, door() as relay:
        env = environment(Path(place), relay.url(4), server.url if server else "") | {
            "TIDEOVER_LEASE_SECONDS": "45"
        }
        filled(env, messages)
        copy = Path(place) / "copy"
        took = _timed(lambda: _backup(env, copy, server))
        _tideover(env, "work", "--once")
        sent = _count(relay)
        back = _timed(lambda: _restore(env, copy, server))
        _tideover(env, "work", "--once")
        before_release = _count(relay) - sent
        held = states_of(env)
        said = _tideover(env, "restored")
        subprocess.run(
            [sys.executable, "-c", RELEASE, str(FEW)], env=env, check=True, stdout=subprocess.DEVNULL
        )
        _tideover(env, "work", "--once")
        new = sum(len(it) for to, it in relay.arrived.items() if int(to[1:].partition("@")[0]) >= LATER)
        again = _count(relay) - sent - new
    return {
        "sent_after_the_backup": sent, "sent_before_the_release": before_release, "sent_again_after_it": again,
        "new_ones_sent_after_it": new, "states_after_restore": held, "seconds_to_back_up": took,
        "seconds_to_restore": back, "said": said.splitlines()[0],
        "passed": (sent, before_release, again, new) == (messages, 0, 0, FEW) and held == {"unknown": messages},
    }  # fmt: skip


def _count(relay: Door) -> int:
    return sum(len(it) for it in relay.arrived.values())


def _timed(what) -> float:
    began = time.monotonic()
    what()
    return round(time.monotonic() - began, 2)


def _tideover(env: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tideover", *words], env=env, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _backup(env: dict[str, str], copy: Path, server: Postgres | None) -> None:
    if server:
        server.dump(copy)
    else:
        _tideover(env, "backup", str(copy))


def _restore(env: dict[str, str], copy: Path, server: Postgres | None) -> None:
    if server:
        server.restore(copy)
        return
    database = Path(env["TIDEOVER_DATABASE_URL"].removeprefix("sqlite:///"))
    for it in database.parent.glob(f"{database.name}*"):
        it.unlink()
    shutil.copy(copy, database)


def release(count: int) -> None:
    """Two people let it go on, and others are written to, in a process of their own."""
    import django

    django.setup()
    from tests.reliability.outbox_of import fill
    from tests.staff import member
    from tideover.access.clock import now
    from tideover.strategy.lifting import agree_release, ask_release
    from tideover.strategy.stops import RESTORED

    ask_release(scope=RESTORED, by=member("lead"), at=now())
    agree_release(scope=RESTORED, by=member("approver"), at=now())
    fill(count, first=LATER)
