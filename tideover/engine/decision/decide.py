"""decide(facts, plan): who is spoken to, about what, how, when, or left in peace, with reasons. A pure function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import narwhals as nw

from tideover.engine.decision.backend import Backend
from tideover.engine.decision.clock import Clock, Stamp, people_at
from tideover.engine.decision.flow import Flow
from tideover.engine.decision.plan import Plan
from tideover.kit.calendars import offset_at, zone_names

PAYMENTS_FEED = "payments"
WHOSE_CLOCK = ("borrower_id", "timezone")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Facts:
    """A book as known at one moment, on one engine: `rows(table)` in engine types, empty where a table is missing.

    `neighbours`: people of other shards, by whose clocks some rows here are read.
    """

    rows: Callable[[str], nw.LazyFrame]
    backend: Backend
    at: int
    assumes: tuple[str, ...] = ()
    neighbours: nw.LazyFrame | None = None


@dataclass(frozen=True)
class Decisions:
    """What was decided: one row a person, what each contact is about, which offers go with it; and what it was decided on.

    `loans` is kept only where the plan asks for further insights (`Plan.also`); a whole book has no room for it.
    """

    decisions: nw.LazyFrame
    topics: nw.LazyFrame
    offers: nw.LazyFrame
    people: nw.LazyFrame
    loans: nw.LazyFrame


def decide(
    facts: Facts, plan: Plan, *, content_hash: str = "", progress: Progress = lambda _: None
) -> Decisions:
    """Decide every person of the facts. Steps that several others read are computed once, one after the other."""
    borrowers = facts.rows("borrowers")
    known = (
        borrowers
        if facts.neighbours is None
        else nw.concat([borrowers.select(*WHOSE_CLOCK), facts.neighbours.select(*WHOSE_CLOCK)])
    )
    clock = clock_for(distinct(known, "timezone"), facts.at, payments_stale(facts))
    people = people_at(borrowers, clock, facts.backend)
    everybody = people if facts.neighbours is None else people_at(known, clock, facts.backend)
    stamp = Stamp(clock, everybody, facts.rows("loans").select("loan_id", "borrower_id"), facts.backend)
    flow = Flow(plan, facts.backend, facts.rows, stamp, facts.assumes, content_hash)
    made = {"stamped": people}
    for name in flow.order:
        progress(name)
        made[name] = facts.backend.settle(flow.stage(name)(made))
        for frame, last in flow.last_read.items():
            if last == name and not (frame == "loans" and plan.also):
                made[frame] = facts.backend.settle(made[frame].head(0))  # lets go of its rows
        if name == "chosen":
            made |= flow.calendars(pairs(made["chosen"]))
    return Decisions(made["decisions"], made["topics"], made["offers"], made["people"], made["loans"])


def clock_for(zones: Iterable[str | None], at: int, stale: bool) -> Clock:
    """The clocks of these zones at a moment; nobody's zone, and one nobody knows, is read as UTC."""
    known, named = zone_names(), sorted({zone or "" for zone in zones})
    return Clock(at, {zone: offset_at(zone, at) if zone in known else 0 for zone in named}, stale)


def distinct(frame: nw.LazyFrame, column: str) -> list[str | None]:
    """The different values of a column."""
    return list(frame.select(column).unique().collect().get_column(column).to_list())


def pairs(chosen: nw.LazyFrame) -> list[tuple[str, int]]:
    """The different (signature, local day) pairs of contacts to time."""
    rows = chosen.select("signature", "day").unique().collect()
    return [(key, day) for key, day in rows.iter_rows() if key is not None and day is not None]


def payments_stale(facts: Facts) -> bool:
    """Is the payments feed too old to ask anybody for money? In doubt, yes."""
    feeds = (
        facts.rows("feeds")
        .filter(nw.col("name") == PAYMENTS_FEED)
        .select(nw.col("fresh_until").max())
        .collect()
    )
    fresh = feeds.get_column("fresh_until").to_list()
    return not fresh or fresh[0] is None or fresh[0] < facts.at
