"""The bars in full, on this machine: python -m tests.prove. Writes docs/proof/<date>.json with machine and commit."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def commit() -> str:
    """The commit that is proven, marked where the tree differs from it."""
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "unknown"


def bars() -> dict[str, Callable[[], dict[str, object]]]:
    """Every bar by name: a function that runs it in full and returns its figures, `passed` among them."""
    from tests import prove_one_answer
    from tests.reliability import (
        api,
        contact_sim,
        enumeration,
        kills,
        ledger_sim,
        opt_out,
        races,
        restarts,
        restore,
        statements_sim,
        upgrade,
        zone_sweep,
    )

    return {
        "one answer everywhere": lambda: prove_one_answer.run(full=True),
        "the API under many hands": lambda: api.run(full=True),
        "what was committed first wins": lambda: races.run(full=True),
        "a stop holds at once": lambda: opt_out.run(full=True),
        "a restored backup writes to nobody twice": lambda: restore.run(full=True),
        "workers outlive their database": lambda: restarts.run(full=True),
        "yesterday's database becomes today's": lambda: upgrade.run(full=True),
        "money adds up": lambda: ledger_sim.run(full=True),
        "killed workers lose nothing": lambda: kills.run(full=True),
        "nobody is contacted against a rule": lambda: contact_sim.run(full=True),
        "the oracle sees every fault": lambda: contact_sim.run_faults(full=True),
        "every movement of a bank counts once": lambda: statements_sim.run(full=True),
        "every change of every clock": lambda: zone_sweep.run(full=True),
        "clocks that jump": lambda: contact_sim.run_jumps(full=True),
        "the door tells nobody who is known": lambda: enumeration.run(full=True),
        "a mail worker beside a bare loop": mail_worker,
        "a night of a million from the database": night,
    }


def mail_worker() -> dict[str, object]:
    """At least 0.6 of a bare loop into a mailbox that keeps, and no more memory for 100,000 than for 12,000."""
    few, many = _measured("tests.bench.worker", "12000"), _measured("tests.bench.worker", "100000")
    memory = [it["worker"]["most_memory_mb"] for it in (few, many)]
    is_flat = memory[1] <= 1.1 * memory[0]
    return {"ratio": few["ratio"], "memory_mb": memory, "passed": few["ratio"] >= 0.6 and is_flat}


def night() -> dict[str, object]:
    """At most twice the engine's own time on files."""
    measured = ("tests.bench.night", "1000000")
    found = _measured(*measured, before=[str(ROOT / "scripts" / "with-postgresql")])
    return {**found, "passed": found["ratio"] <= 2}


def _measured(module: str, *given: str, before: Sequence[str] = ()) -> dict[str, Any]:
    """What a measure of tests/bench says at the end of its output, in JSON."""
    command = [*before, sys.executable, "-m", module, *given]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    return found


def main() -> None:
    """Run every bar, write the proof, and fail if one does not hold."""
    proof: dict[str, object] = {
        "on": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
    }
    passed, folder = True, ROOT / "docs" / "proof"
    folder.mkdir(parents=True, exist_ok=True)
    for name, bar in bars().items():
        start = time.perf_counter()
        try:
            figures = bar()
        except Exception as error:  # noqa: BLE001 - the other bars are run all the same
            figures = {"passed": False, "error": repr(error)}
        proof[name] = {**figures, "seconds": round(time.perf_counter() - start, 1)}
        passed &= bool(figures.get("passed"))
        sys.stdout.write(f"{name}: {proof[name]}\n")
        # After each, so that hours of work are not lost over the last one.
        (folder / f"{datetime.now(UTC).date()}.json").write_text(json.dumps(proof, indent=1), "utf-8")
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
