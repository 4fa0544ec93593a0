"""Every time zone and every change of its clock, 2026 to 2028, through the worker: nothing leaves outside eight to eight there.

One message a zone and probe: the seconds around the change itself, and around the edges of the hours on that day. The
judge is datetime and the zone's own clock.
"""

import argparse
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

from tests.reference.clock import zone_of
from tests.reliability.own_process import Clock, answered, in_own_process, made_ready

DAY, HOUR = 86_400, 3_600
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
OPENS, CLOSES = 8, 20


def zones() -> list[str]:
    """Every zone by name."""
    return [it for it in resources.files("tzdata").joinpath("zones").read_text().split() if it]


def changes(zone: str, first: datetime = FIRST, last: datetime = LAST) -> list[int]:
    """The seconds at which its clock is set forward or back."""
    found, at, end = [], int(first.timestamp()), int(last.timestamp())
    while at < end:
        if _offset(zone, at) != _offset(zone, min(at + DAY, end)):
            low, high = at, min(at + DAY, end)
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _offset(zone, middle) == _offset(zone, at) else (low, middle)
            found.append(high)
        at += DAY
    return found


def _offset(zone: str, at: int) -> timedelta:
    return datetime.fromtimestamp(at, zone_of(zone)).utcoffset() or timedelta()


def is_open(zone: str, at: int) -> bool:
    """Is it between eight and eight there?"""
    return OPENS <= datetime.fromtimestamp(at, zone_of(zone)).hour < CLOSES


def probes(zone: str, change: int) -> list[int]:
    """The seconds to try: around the change, and wherever the hours begin or end on the days beside it."""
    edges = [
        at
        for at in range(change - change % 900 - DAY, change + DAY, 900)
        if is_open(zone, at) != is_open(zone, at - 900)
    ]
    return sorted({at + step for at in (change, *edges) for step in (-1, 0)})


class Kept:
    """A channel that keeps the second at which each message left."""

    from tideover.delivery.channels import Limits

    name, limits = "app", Limits()

    def __init__(self, clock: Clock) -> None:
        self.clock, self.left = clock, {}

    @asynccontextmanager
    async def session(self, *, at):
        yield self

    async def send(self, outgoing, *, may_leave):
        from tideover.delivery.channels import Accepted, Withdrawn

        if not await may_leave():
            raise Withdrawn
        self.left[int(outgoing.intent_id)] = self.clock.at
        return Accepted(outgoing.intent_id)


def _queued(tried: list[tuple[str, int]], at: int) -> None:
    """A message for each (zone, second), due then and of use for two days more."""
    from tests.people import reachable, row, together
    from tideover.book.actions import record
    from tideover.delivery.taking import take
    from tideover.kit.ids import seed_of
    from tideover.strategy.models import Decision
    from tideover.strategy.releases import ensure_shipped
    from tideover.strategy.shares import in_force

    before = datetime.fromtimestamp(at, UTC)
    ensure_shipped(at=before)
    plan = in_force().main.plan(at)
    for start in range(0, len(tried), 200):
        people = [(f"z{number:06}", *one) for number, one in enumerate(tried[start : start + 200], start)]
        book = together(
            *(
                {
                    "borrowers": [
                        row("borrowers", borrower_id=name, seed=seed_of(name), language="en", timezone=zone)
                    ]
                }
                for name, zone, _ in people
            )
        )
        book = together(book, *(reachable(name, "app") for name, _, _ in people))
        for table, rows in book.items():
            record(table, [{**it, "recorded_at": at} for it in rows], source="sweep", at=before)
        Decision.objects.bulk_create(
            Decision(
                decision_id=f"{name}.probe", person_id=name, at=before, treatment="contact", purpose="hardship_check_in", policy="gate",
                step="probe", channel="app", send_at=datetime.fromtimestamp(moment, UTC),
                use_by=datetime.fromtimestamp(moment + 2 * DAY, UTC),
                language="en", reasons="asked", strategy_hash=plan.strategy.hash, rules_hash=plan.rules.hash, tables_hash="",
                content_hash="", engine_version="1",
            )
            for name, zone, moment in people
        )  # fmt: skip
    while take(at=before):
        pass


def swept(tried: list[tuple[str, int]], clock: Clock) -> dict[str, object]:
    """A worker turns at each second that is tried; what left when."""
    from tideover.delivery.models import Message
    from tideover.delivery.sending import one_round

    begins = min(at for _, at in tried) - DAY
    clock.set(begins)
    _queued(tried, begins)
    kept = Kept(clock)
    for moment in sorted({at for _, at in tried}):
        clock.set(moment)
        while one_round({"app": kept}, worker="sweep", at=datetime.fromtimestamp(moment, UTC)).total:
            pass
    numbers = dict(Message.objects.values_list("pk", "person_id"))
    where = {pk: tried[int(person[1:])] for pk, person in numbers.items()}
    outside = [(*where[pk], at) for pk, at in kept.left.items() if not is_open(where[pk][0], at)]
    late = [
        where[pk]
        for pk in numbers
        if is_open(*where[pk])
        and is_open(where[pk][0], where[pk][1] + 900)
        and kept.left.get(pk) != where[pk][1]
    ]
    return {
        "messages": len(tried),
        "left": len(kept.left),
        "outside": outside[:20],
        "left_outside": len(outside),
        "kept_back_inside": len(late),
        "late": late[:20],
    }


def run(*, full: bool) -> dict[str, object]:
    """The bar: every zone and change of three years. Or a sample of one autumn."""
    found = in_own_process("tests.reliability.zone_sweep", *(["--all"] if full else []))
    seen = int(str(found["left"])) * 2 > int(str(found["messages"]))
    return {**found, "passed": seen and not found["left_outside"] and not found["kept_back_inside"]}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--here", type=Path, required=True)
    given = parser.parse_args()
    made_ready()
    every = zones()
    if given.all:
        changed = {
            zone: changes(zone) or [int(datetime(2027, 5, 5, 12, tzinfo=UTC).timestamp())] for zone in every
        }
    else:
        some = [
            "Europe/Riga",
            "Europe/London",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Tehran",
            "Africa/Casablanca",
        ]
        changed = {
            zone: changes(zone, datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC))
            for zone in some
        }
    tried = [
        (zone, at) for zone, at_all in changed.items() for change in at_all for at in probes(zone, change)
    ]
    figures = swept(tried, Clock(given.here / "clock"))
    answered(given.here, {"zones": len(changed), "changes": sum(map(len, changed.values())), **figures})


if __name__ == "__main__":
    main()
