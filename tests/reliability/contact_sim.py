"""A hundred days of a made-up book through the real worker, each message judged at its instant by the oracle.

python -m tests.reliability.contact_sim SEED [--people N] [--days N] [--fault NAME] prints what was judged, and for every
violation the whole story of that person. The same seed gives the same history.
"""

import argparse
import asyncio
import hashlib
import json
import os
import random
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.reliability.own_process import Clock, answered, in_own_process, made_ready

DAY, HOUR = 86_400, 3_600
FIRST_DAYS = ("2026-01-20", "2026-03-05", "2026-06-10", "2026-09-15", "2026-12-01", "2027-02-20")
ROUNDS = 4
"""Moments of a day at which a worker turns; many of them around the edges of somebody's hours."""
A_FACT_A_DAY = 0.02
AHEAD = 27 * HOUR


@dataclass
class History:
    """One seeded history: people, what happens to them, the worker, and the oracle that hears and judges."""

    seed: int
    people: int
    days: int
    clock: Clock
    jumpy: bool = False
    facts: float = A_FACT_A_DAY
    worker: str = ""
    lives: dict = field(default_factory=dict)
    story: dict = field(default_factory=lambda: defaultdict(list))
    sent: list = field(default_factory=list)
    violations: list = field(default_factory=list)
    tries: Counter = field(default_factory=Counter)
    kills: int = 0
    jumps: int = 0
    in_a_day: list = field(default_factory=list)
    while_wrong: list = field(default_factory=list)
    held_out_at: tuple = (None, frozenset())
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        from tests.reliability.oracle import Oracle
        from tests.reliability.owed import Owed

        self.oracle, self.chance = Oracle(), random.Random(f"history {self.seed}")
        self.owed = Owed(self.oracle)

    # --- what the sink tells

    def reached(self, sent) -> None:
        """A message left: it is judged before anything else happens."""
        found = self.oracle.judge(sent)
        self.sent.append((sent.at, sent.person, sent.channel, sent.purpose, sent.about, sent.outcome))
        self.story[sent.person].append(
            (sent.at, "sent", sent.channel, sent.purpose, sent.about, sent.outcome, sent.to, *found)
        )
        self.violations += [(sent.person, it, sent.at) for it in found]

    def strike(self, person: str, chance: random.Random) -> None:
        """Something is recorded about the person while her message is on its way to the door."""
        from tests.people import row
        from tests.reliability.sim_events import Fact

        at = self.clock.at
        gone = row("consents", person_id=person, channel="all", purpose_class="all", withdrawn_at=at)
        held = row(
            "holds",
            hold_id=f"{person}-{at}",
            person_id=person,
            kind="bereavement",
            from_at=at,
            until_at=at + 20 * DAY,
        )
        self._happen([chance.choice([Fact("consents", gone), Fact("holds", held)])])

    # --- what happens

    def _happen(self, events) -> None:
        """Recorded set by set, as imports do; the oracle hears each."""
        from tests.reliability.sim_events import Fact
        from tideover.book.actions import record

        tables, at = defaultdict(list), datetime.fromtimestamp(self.clock.at, UTC)
        for it in events:
            if isinstance(it, Fact):
                tables[it.table].append(
                    {name: value for name, value in it.row.items() if name != "recorded_at"}
                )
                self._hears(it)
            else:
                self._is_said(it, at)
        for table, rows in tables.items():
            record(table, rows, source="sim", at=at)

    def _hears(self, it) -> None:
        self.oracle.hear(it.table, it.row)
        owner = (
            it.row.get("person_id")
            or it.row.get("borrower_id")
            or (it.row.get("loan_id") or "").partition("-")[0]
        )
        told = {
            name: value
            for name, value in it.row.items()
            if value is not None and name not in ("recorded_at", "seed")
        }
        self.story[owner].append((self.clock.at, it.table, told))

    def _is_said(self, it, at: datetime) -> None:
        from tideover.delivery.answers import receive
        from tideover.delivery.models import Message

        last = (
            Message.objects.filter(person_id=it.person, channel=it.channel, state="accepted")
            .order_by("-ended_at")
            .first()
        )
        answering = next(
            (one for one in reversed(self.oracle.got[it.person]) if last and one.intent == str(last.pk)), None
        )
        given = {"text": it.text} if it.text else {"kind": it.meaning}
        receive(
            person_id=it.person,
            channel=it.channel,
            at=at,
            outside_id=f"{it.person}{it.meaning}{self.clock.at}",
            message=last,
            **given,
        )
        self.oracle.said(it.person, it.channel, it.meaning, self.clock.at, answering)
        self.story[it.person].append((self.clock.at, "said", it.channel, it.meaning, it.text))

    def begin(self) -> None:
        """Everybody, as known the day before."""
        from tests.reliability.sim_people import name_of, someone, value_of
        from tideover.access.sealing import blind
        from tideover.book.models import Address, Person
        from tideover.strategy.releases import ensure_shipped

        first = self.chance.choice(FIRST_DAYS)
        self.first_day = int(datetime.fromisoformat(first).replace(tzinfo=UTC).timestamp()) // DAY
        self.clock.set((self.first_day - 1) * DAY)
        ensure_shipped(at=datetime.fromtimestamp(self.clock.at - DAY, UTC))
        from tests.people import together
        from tests.reliability.sim_events import Fact

        for start in range(0, self.people, 200):
            made = [
                someone(number, self.seed, self.first_day)
                for number in range(start, min(start + 200, self.people))
            ]
            rows = together(*(rows for _, rows in made))
            self.lives |= {me.id: me for me, _ in made}
            self._happen([Fact(table, one) for table, every in rows.items() for one in every])
            for point in rows["contact_points"]:
                self.oracle.values.setdefault(
                    point["address_id"], value_of(point["address_id"], point["channel"])
                )
        values = self.oracle.values
        Address.objects.bulk_create(
            [
                Address(address_id=it, channel="email", value=value, index=blind(value))
                for it, value in values.items()
            ]
        )
        for person in Person.objects.all():
            person.name = name_of(person.pk)
            person.save(update_fields=["name"])

    def run(self) -> dict[str, object]:
        """Every day of it."""
        self.begin()
        began = time.monotonic()
        for day in range(self.first_day, self.first_day + self.days):
            self._a_day(day)
        return self._report(time.monotonic() - began)

    def _a_day(self, day: int) -> None:
        from tests.reliability.sim_events import Fact, daily, something

        before, moments = (
            len(self.sent),
            [day * DAY + 3 * HOUR + 60, *sorted(self._moment(day) for _ in range(ROUNDS - 1))],
        )
        for number, moment in enumerate(moments):
            self.clock.set(moment)
            paid = (
                [event for me in self.lives.values() for event in daily(me, day, moment)]
                if number == 1
                else []
            )
            if number == 0 and self.chance.random() > (0.04 if self.facts < 0.1 else 0.25):
                paid.append(Fact("feeds", {"name": "payments", "fresh_until": moment + AHEAD}))
            self._happen(paid)
            touched = [me for me in self.lives.values() if self.chance.random() < self.facts / ROUNDS]
            self._happen([event for me in touched for event in something(me, moment)])
            self._turns()
        self.in_a_day.append(len(self.sent) - before)
        if self.jumpy or self.chance.random() < 0.04:
            self._jump(moments[-1])
        for person, what in self.owed.missed((day + 1) * DAY - 1, self._has_case, self._is_held_out):
            self.violations.append((person, what, (day + 1) * DAY))
            self.story[person].append(((day + 1) * DAY, what))

    def _moment(self, day: int) -> int:
        """Any second after the night's run; often a second at which somebody's hours begin or end."""
        at = day * DAY + self.chance.randrange(3 * HOUR + 600, DAY - 600)
        return at - at % 900 + self.chance.choice([-45, -1, 0, 1, 30]) if self.chance.random() < 0.6 else at

    def _jump(self, right: int) -> None:
        """The clock is wrong for a round or more, hours ahead or behind; meanwhile people go on telling us things."""
        from tests.reliability.sim_events import something

        for wrong in (
            (1, -1, 24, -24, 24, 720) if self.jumpy else (self.chance.choice([-26, -5, -1, 1, 5, 26]),)
        ):
            self.jumps, before = self.jumps + 1, len(self.sent)
            self.clock.set(right + wrong * HOUR)
            touched = self.chance.sample(sorted(self.lives), max(1, len(self.lives) // 100))
            self._happen([event for it in touched for event in something(self.lives[it], self.clock.at)])
            self._turns()
            self.while_wrong.append(len(self.sent) - before)
            self.clock.set(right + 300)
            self._turns()

    def _turns(self) -> None:
        """A worker turns until nothing is left to do; when it is killed another one comes."""
        from tests.reliability.sim_people import CHANNELS
        from tests.reliability.sink_of_history import AtOnce, Killed, Sink
        from tideover.cli import _turns
        from tideover.strategy.stops import lift, standing

        channels = {name: Sink(name, self) for name in CHANNELS}
        for _ in range(60):
            self.one_at_a_time = asyncio.Lock()
            self.worker = f"{_turns.socket.gethostname()}:{os.getpid()}"
            try:
                done = _turns.turn(
                    AtOnce(channels, self.worker), at=datetime.fromtimestamp(self.clock.at, UTC)
                )
            except Killed:
                self.kills, done = self.kills + 1, 1
                self._nobody_heard()
                self.clock.move(50)
            for stop in standing():  # the volume brake: somebody looked
                lift(scope=stop.scope, by="sim", at=datetime.fromtimestamp(self.clock.at, UTC))
            if not done:
                return
            self.clock.move(7)

    def _nobody_heard(self) -> None:
        """What a provider took from a worker that died before it could write so down: for the product nobody knows."""
        from tideover.delivery.models import Message

        for message in Message.objects.filter(state="sending"):
            self.oracle.nobody_heard(message.person_id, str(message.pk))

    # --- what the oracle asks of the product

    def _has_case(self, person: str, since: int) -> bool:
        """A duty that did not arrive is with a person of ours: since then, or until the case is closed."""
        from django.db.models import Q

        from tideover.support.models import Case

        lately = Q(kind__in=("undelivered_duty", "call", "visit"), opened_at__gte=since)
        still = Q(kind="undelivered_duty") & ~Q(state="closed")
        return Case.objects.filter(lately | still, person_id=person).exists()

    def _is_held_out(self, person: str) -> bool:
        import polars as pl

        from tideover.engine.facts.written import written_rows
        from tideover.strategy.models import Run

        run = Run.objects.filter(kind="nightly").order_by("-at").first()
        if self.held_out_at[0] != run.pk:
            rows = (
                written_rows(Path(run.folder) / "decisions")
                .filter(pl.col("arm") == "held_out")
                .select("borrower_id")
                .collect()
            )
            self.held_out_at = (run.pk, frozenset(rows["borrower_id"]))
        return person in self.held_out_at[1]

    def _report(self, seconds: float) -> dict[str, object]:
        told = sorted(json.dumps(it) for it in self.sent)
        wrong = sorted({person for person, _, _ in self.violations})
        return {
            "seed": self.seed, "borrower_days": self.people * self.days, "contacts": len(self.sent), "violations": len(self.violations),
            "kinds": dict(Counter(what.partition(":")[0] for _, what, _ in self.violations)),
            "by_purpose": dict(Counter(it[3] for it in self.sent)), "by_outcome": dict(Counter(it[5] for it in self.sent)),
            "most_in_a_day": max(self.in_a_day), "most_while_wrong": max(self.while_wrong, default=0),
            "workers_killed": self.kills, "clock_jumps": self.jumps, "seconds": round(seconds, 1),
            "borrower_days_a_second": round(self.people * self.days / seconds),
            "digest": hashlib.sha256("\n".join(told).encode()).hexdigest()[:16],
            "stories": {person: self._told(person) for person in wrong[:5]},
        }  # fmt: skip

    def _told(self, person: str) -> list[str]:
        return [
            f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} {what}" for at, *what in self.story[person]
        ]


def history(
    seed: int, *, people: int, days: int, fault: str = "", jumpy: bool = False, facts: float = A_FACT_A_DAY
) -> dict[str, object]:
    """A history in a process and a database of its own. `jumpy`: every day the clock is set wrong and right again, many times."""
    given = (seed, "--people", people, "--days", days, "--fault", fault, "--facts", facts)
    return in_own_process("tests.reliability.contact_sim", *given, *(["--jumpy"] if jumpy else []))


def _here(given: argparse.Namespace) -> None:
    """The history itself, in this process."""
    made_ready()
    if given.fault:
        from tests.reliability.sim_faults import FAULTS

        FAULTS[given.fault]()
    clock = Clock(given.here / "clock")
    told = History(given.seed, given.people, given.days, clock, jumpy=given.jumpy, facts=given.facts).run()
    answered(given.here, told)


def run(*, full: bool, seed: int = 1) -> dict[str, object]:
    """The bar: a million borrower-days and no contact that a rule forbids, no duty missed, nobody left alone. Or a sample."""
    people, days, histories = (5_000, 100, 2) if full else (40, 3, 1)
    facts = A_FACT_A_DAY if full else 0.4
    found = [history(seed + each, people=people, days=days, facts=facts) for each in range(histories)]
    sums = {
        name: sum(int(str(it[name])) for it in found)
        for name in ("borrower_days", "contacts", "violations", "workers_killed", "clock_jumps")
    }
    enough = (
        sums["borrower_days"] >= (1_000_000 if full else 1) and sums["contacts"] * 100 > sums["borrower_days"]
    )
    return {
        **sums,
        "digests": [it["digest"] for it in found],
        "seeds_that_failed": [it["seed"] for it in found if it["violations"]],
        "what_failed": [it["kinds"] for it in found],
        "stories": [it["stories"] for it in found if it["violations"]],
        "passed": enough and not sums["violations"],
    }


def run_jumps(*, full: bool, seed: int = 1) -> dict[str, object]:
    """The bar: a clock an hour, a day or a month wrong, back and forth, brings nothing twice, nothing forbidden and no burst."""
    found = history(seed, people=1_000 if full else 100, days=20 if full else 3, jumpy=True)
    named = ("contacts", "clock_jumps", "violations", "kinds", "most_in_a_day", "most_while_wrong")
    no_burst = int(str(found["most_while_wrong"])) <= 1.5 * int(str(found["most_in_a_day"]))
    return {
        **{name: found[name] for name in named},
        "passed": no_burst and not found["violations"] and bool(found["clock_jumps"]),
    }


def run_faults(*, full: bool) -> dict[str, object]:
    """The bar: the oracle sees every fault put into the product on purpose."""
    from tests.reliability.sim_faults import FAULTS

    if not full:
        return {
            "passed": bool(
                history(1, people=100, days=3, fault="the guards are skipped", facts=0.4)["violations"]
            )
        }
    seen = {name: _is_seen(name) for name in FAULTS}
    return {
        "faults": len(seen),
        "not_seen": [name for name, it in seen.items() if not it],
        "passed": all(seen.values()),
    }


def _is_seen(fault: str) -> bool:
    """In a small history full of events, or in one of the longer ones that a rare or slow fault needs."""
    sizes = ((600, 8, 0.4, False), (300, 8, 0.4, True), (1_500, 26, 0.1, False), (400, 55, 0.02, False))
    return any(
        history(seed, people=people, days=days, fault=fault, jumpy=jumpy, facts=facts)["violations"]
        for seed, (people, days, facts, jumpy) in enumerate(sizes, 1)
    )


def main() -> None:
    """Replay one history and tell what went wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("seed", type=int)
    parser.add_argument("--people", type=int, default=2_500)
    parser.add_argument("--days", type=int, default=100)
    parser.add_argument("--fault", default="")
    parser.add_argument(
        "--facts", type=float, default=A_FACT_A_DAY, help="things that happen to a person a day"
    )
    parser.add_argument("--jumpy", action="store_true")
    parser.add_argument("--here", type=Path)
    given = parser.parse_args()
    if given.here:
        return _here(given)
    found = history(
        given.seed,
        people=given.people,
        days=given.days,
        fault=given.fault,
        jumpy=given.jumpy,
        facts=given.facts,
    )
    sys.stdout.write(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    return sys.exit(1 if found["violations"] else 0)


if __name__ == "__main__":
    main()
