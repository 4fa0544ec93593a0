"""Races at the door of a relay: a fact is committed while a message is about to leave. What was committed first must win."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.people import AT, fresh_payments, late, together
from tests.reliability.door import Door, door
from tests.reliability.outbox_of import environment

NOW = datetime.fromtimestamp(AT, UTC)
NOON = NOW + timedelta(hours=3)
A_BATCH = 250
SESSIONS = 20
PEOPLE = 6
"""So many people a race: a fifth of them are written to on the day."""

PLACES = ("rcpt", "data", "around")
"""Held before the last look, between it and the words, or not held: the fact is committed within milliseconds of the words.

Half of the relays take several commands at once: before those the message is looked at earlier, and after "go on" again.
"""

KINDS = ("hold", "opt_out", "death", "payment", "stop")
PROMISED = 0.001
"""Seconds: a fact committed so long before the words were received must have stopped them."""


def run(full: bool) -> dict[str, object]:
    """5,000 races; or a sample of them."""
    return provoked(races=5_000 if full else 60, seed=1)


def provoked(races: int, seed: int, database_url: str = "") -> dict[str, object]:
    """So many races in a process and a database of their own."""
    with tempfile.TemporaryDirectory(prefix="tideover-races-") as place:
        env = environment(Path(place), "smtp://127.0.0.1:1", database_url) | {"TIDEOVER_LEASE_SECONDS": "45"}
        env["TIDEOVER_CLOCK_FILE"] = str(Path(place) / "clock")
        command = [sys.executable, "-m", "tests.reliability.races", str(races), str(seed)]
        done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


@dataclass
class Raced:
    """What came of the races so far."""

    count: int = 0
    committed: dict[str, float] = field(default_factory=dict)
    """When the fact about each person was known to be committed."""

    leaked: list[str] = field(default_factory=list)
    asked_data_after_the_fact: int = 0
    overtaken: int = 0
    """Left in the same instant, before the fact was committed or within the millisecond."""

    ended: Counter[str] = field(default_factory=Counter)
    odd: Counter[str] = field(default_factory=Counter)


def races_in_this_process(races: int, seed: int) -> dict[str, object]:
    """Batch after batch, each with one kind of fact."""
    from tideover.delivery.models import Message

    chance, raced, began = random.Random(seed), Raced(), time.monotonic()
    most = min(A_BATCH, max(races // len(KINDS), 1))
    _decided([f"p{number}" for number in range(PEOPLE * races)])
    waiting = list(Message.objects.filter(state="queued").order_by("pk")[:races])
    Message.objects.update(due_at=int((NOON + timedelta(days=1)).timestamp()))
    for number, first in enumerate(range(0, len(waiting), most)):
        _one_batch(KINDS[number % len(KINDS)], waiting[first : first + most], chance, raced)
    return {
        "races": raced.count, "left_after_the_fact": len(raced.leaked), "which": raced.leaked[:5],
        "asked_for_data_though_held_before": raced.asked_data_after_the_fact,
        "left_before_the_fact": raced.overtaken, "ended": dict(raced.ended), "without_a_reason": dict(raced.odd),
        "seconds": round(time.monotonic() - began, 1),
        "passed": not raced.leaked and not raced.odd and not raced.asked_data_after_the_fact,
    }  # fmt: skip


def _one_batch(kind: str, batch: list, chance: random.Random, raced: Raced) -> None:
    from tideover.delivery.models import Message

    messages = {it.person_id: it for it in batch}
    Message.objects.filter(pk__in=[it.pk for it in batch]).update(due_at=int(NOON.timestamp()))
    place = {name: chance.choice(PLACES) for name in messages}
    if kind == "stop":
        place = dict.fromkeys(messages, chance.choice(PLACES[:2]))
    shift = {name: chance.uniform(-0.004, 0.020) for name in messages}
    with door(takes_several=chance.random() < 0.5) as relay:
        relay.held = flipping = _Flipping(kind, messages, place, shift, raced.committed)
        _round(relay, NOON)
        flipping.wait()
        raced.odd.update(flipping.failed)
        _judged(relay, place, raced)
        if kind == "stop":
            _lifted()
        relay.held = lambda where, to: None
        before = {to: len(it) for to, it in relay.arrived.items()}
        if kind != "stop":
            _round(relay, NOON + timedelta(seconds=30))
            raced.leaked += [
                f"{kind} {to} later" for to, it in relay.arrived.items() if len(it) > before.get(to, 0)
            ]
    _ended(kind, list(messages), raced)
    Message.objects.filter(pk__in=[it.pk for it in batch], state="queued").update(
        state="suppressed", because="batch over"
    )
    raced.count += len(messages)


class _Flipping:
    """Commits the fact about whoever stands at the door, at the place chosen for her."""

    def __init__(self, kind, messages, place, shift, committed) -> None:
        self.kind, self.messages, self.place, self.shift, self.committed = (
            kind,
            messages,
            place,
            shift,
            committed,
        )
        self.threads: list[threading.Thread] = []
        self.failed: Counter[str] = Counter()
        self._pressing = threading.Lock()

    def __call__(self, where: str, to: str) -> None:
        name = to.partition("@")[0]
        chosen = self.place.get(name)
        if chosen == where:
            self._commit(name)
        if chosen == "around" and where == "data":
            thread = threading.Thread(target=self._commit, args=(name, 0.004 + self.shift[name]))
            self.threads.append(thread)
            thread.start()
            time.sleep(0.004)

    def wait(self) -> None:
        for it in self.threads:
            it.join()

    def _commit(self, name: str, after: float = 0) -> None:
        from django.db import connection

        time.sleep(after)
        with self._pressing:
            try:
                _facts(self.kind, self.messages[name])
                self.committed[name] = time.time()
            except Exception as error:  # noqa: BLE001 - a race that was not run is said, not counted
                self.failed[type(error).__name__] += 1
                sys.stderr.write(f"{error}\n")
        connection.close()


def _facts(kind: str, message) -> None:
    from tideover.book.actions import record
    from tideover.delivery.answers import receive
    from tideover.strategy.stops import press

    person, at = message.person_id, NOON
    if kind == "hold":
        record(
            "holds",
            [{"hold_id": f"h-{person}", "kind": "hardship", "from_at": at, "person_id": person}],
            source="t",
            at=at,
        )
    elif kind in ("opt_out", "death"):
        receive(
            person_id=person, channel="email", at=at, outside_id=f"{kind}-{person}", message=message,
            kind="stop" if kind == "opt_out" else "death",
        )  # fmt: skip
    elif kind == "payment":
        paid = {"loan_id": message.subject, "number": 6, "due_on": NOW.date() - timedelta(days=9), "principal": 10_000,
                "paid": 10_000, "settled_on": NOW.date()}  # fmt: skip
        record("instalments", [paid], source="bank", at=at)
    else:
        press(by="lead", at=at)


def _judged(relay: Door, place: dict[str, str], raced: Raced) -> None:
    for name, chosen in place.items():
        to, known = f"{name}@example.org", raced.committed.get(name)
        arrived = relay.arrived.get(to, [])
        if known is None:
            continue
        if arrived and min(arrived) >= known + PROMISED:
            raced.leaked.append(f"{chosen} {to} {min(arrived) - known:.4f}")
        elif arrived:
            raced.overtaken += 1
        if chosen == "rcpt" and to in relay.asked_data and not relay.takes_several:
            raced.asked_data_after_the_fact += 1


def _ended(kind: str, names: list[str], raced: Raced) -> None:
    from tideover.delivery.models import Message

    for it in Message.objects.filter(person_id__in=names).exclude(purpose="opt_out_confirmed"):
        raced.ended[f"{it.state} {it.because}".strip()] += 1
        if it.state not in ("suppressed", "accepted", "queued") or (
            it.state != "accepted" and not it.because
        ):
            raced.odd[f"{kind} {it.state} {it.because}"] += 1


def _decided(names: list[str]) -> None:
    """Late people whose reminders of today lie in the outbox."""
    from tests.recording import recorded
    from tideover.access.sealing import blind
    from tideover.book.models import Address
    from tideover.delivery.taking import take
    from tideover.strategy.runs import run_nightly

    book = together(*(late(name) for name in names), fresh_payments(AT + 86_400 * 3))
    points = [it for it in book["contact_points"] if it["channel"] == "email"]
    book["contact_points"] = [{**it, "address_id": it["person_id"]} for it in points]
    recorded(book, at=NOW)
    Address.objects.bulk_create(
        Address(address_id=it, channel="email", value=f"{it}@example.org", index=blind(f"{it}@example.org"))
        for it in names
    )
    run_nightly(at=NOW)
    while take(at=NOW):
        pass


def _round(relay: Door, at: datetime) -> None:
    from tideover.delivery.channels import open_channel
    from tideover.delivery.sending import one_round

    _clock(at)
    one_round({"email": open_channel("email", {"TIDEOVER_SMTP_URL": relay.url(SESSIONS)})}, worker="w", at=at)


def _lifted() -> None:
    from tideover.strategy.stops import lift

    lift(by="lead", at=NOON)


def _clock(at: datetime) -> None:
    from django.conf import settings

    Path(settings.CLOCK_FILE).write_text(at.isoformat(), "utf-8")


def _main() -> None:
    import django

    django.setup()
    from tideover.cli._live import make_database
    from tideover.strategy.releases import ensure_shipped

    _clock(NOW)
    make_database()
    ensure_shipped(at=NOW)
    sys.stdout.write(json.dumps(races_in_this_process(int(sys.argv[1]), int(sys.argv[2]))) + "\n")


if __name__ == "__main__":
    _main()
