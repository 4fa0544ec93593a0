"""A plan built once and run many times: one borrower in milliseconds, a micro-batch of events, a day of a simulation.

Each stage is a lazy plan over slots in memory. Running it fills the slots and computes stage after stage. Rows
carry their moment, so the plan does not depend on it. Polars only: it is the embedded engine.
"""

from __future__ import annotations

from functools import lru_cache
from threading import RLock

import narwhals as nw
import polars as pl

from tideover.engine.decision.clock import NOW, stamped_before
from tideover.engine.decision.decide import Decisions, pairs
from tideover.engine.decision.flow import Flow
from tideover.engine.decision.plan import Plan
from tideover.engine.decision.stamped import WITHOUT_MOMENT, Frames, Stamped
from tideover.engine.facts.backends import PlannedBackend
from tideover.engine.facts.slots import Slot, engine_schema

UNOPTIMISED = pl.QueryOptFlags.none()
OPTIMISED = pl.QueryOptFlags()
MANY_PEOPLE = 5_000
"""From so many on, leaving out what nobody reads saves more than planning it costs (0.2 of 2.3 s for 100,000)."""


class Prepared:
    """A plan made ready for any number of people and any moment within one day's rules."""

    def __init__(self, plan: Plan, *, assumes: tuple[str, ...] = (), content_hash: str = "") -> None:
        self.plan = plan
        self.lock = RLock()
        """Held while the slots are filled and read; whoever reads `made` after a run holds it around both."""
        self.recorded: dict[str, Slot] = {}
        self.made: dict[str, Slot] = {}
        self.plans: dict[str, pl.LazyFrame] = {}
        flow = Flow(plan, PlannedBackend(), self._rows, stamped_before, assumes, content_hash)
        self.flow = self._flow(flow)
        self._calendars = lru_cache(maxsize=4_096)(self._made_calendars)
        self._build()

    def _flow(self, flow: Flow) -> Flow:
        """The flow to compute; a gate asks otherwise."""
        return flow

    def _rows(self, table: str) -> nw.LazyFrame:
        if table not in self.recorded:
            moments = {} if table in WITHOUT_MOMENT else dict.fromkeys(NOW, pl.Int64())
            self.recorded[table] = Slot({**engine_schema(table), **moments})
        return self.recorded[table].lazy()

    def _build(self) -> None:
        stamped = stamped_before(self._rows("borrowers"), "borrower_id", frozenset()).rename(
            {"borrower_id": "person_id"}
        )
        self.stale = Slot({"payments_stale": pl.Boolean()})
        frames = {"stamped": stamped.join(self.stale.lazy(), how="cross")}
        for name, frame in self.flow.calendars([]).items():
            self.made[name] = Slot(frame.to_native().collect_schema())
        for name in self.flow.order:
            for kept, slot in self.made.items():
                frames[kept] = slot.lazy()
            lazy: pl.LazyFrame = self.flow.stage(name)(frames).to_native()
            self.plans[name] = lazy
            self.made[name] = Slot(lazy.collect_schema())

    def run(self, tables: Frames | Stamped, at: int) -> Decisions:
        """Decide the people of these tables (engine types) as of a moment.

        Tables that are stamped already serve every plan that decides the same moment.
        """
        with self.lock:
            self.compute(tables, at)
            made = [self.made[n].frame.lazy() for n in ("decisions", "topics", "offers", "people", "loans")]
        return Decisions(*(nw.from_native(frame) for frame in made))

    def compute(self, tables: Frames | Stamped, at: int) -> None:
        """Fill the slots and compute stage after stage; what each made stays in `made`."""
        day = tables if isinstance(tables, Stamped) else Stamped(tables, at)
        for name, slot in self.recorded.items():
            slot.frame = day.rows(name, slot.schema)
        self.stale.frame = pl.DataFrame({"payments_stale": [day.clock.payments_stale]})
        flags = OPTIMISED if day.people.height >= MANY_PEOPLE else UNOPTIMISED
        for name in self.flow.order:
            self.made[name].frame = self.plans[name].collect(engine="in-memory", optimizations=flags)
            if name == "chosen":
                self._fill_calendars()

    def _fill_calendars(self) -> None:
        needed = pairs(nw.from_native(self.made["chosen"].frame.lazy()))
        for name, frame in self._calendars(frozenset(needed)).items():
            self.made[name].frame = frame

    def _made_calendars(self, needed: frozenset[tuple[str, int]]) -> dict[str, pl.DataFrame]:
        """Calendars depend on the plan's day alone, and few of them are asked for again and again."""
        return {name: frame.to_native().collect() for name, frame in self.flow.calendars(needed).items()}
