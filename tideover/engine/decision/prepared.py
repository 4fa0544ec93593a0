"""A plan built once and run many times: one borrower in milliseconds, a micro-batch of events, a day of a simulation.

Each stage is a lazy plan over slots in memory. Running it fills the slots and computes stage after stage. Rows
carry their moment, so the plan does not depend on it. Polars only: it is the embedded engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import narwhals as nw
import polars as pl

from tideover.engine.decision.clock import NOW, Clock, stamped_before
from tideover.engine.decision.decide import PAYMENTS_FEED, Decisions, clock_for
from tideover.engine.decision.flow import Flow
from tideover.engine.decision.plan import Plan
from tideover.engine.facts.backends import PlannedBackend
from tideover.engine.facts.slots import Slot, engine_schema

BY_LOAN = frozenset({"instalments", "standings", "payments", "promises", "plans", "contact_topics"})
WITHOUT_MOMENT = frozenset({"feeds", "lender", "protected", "contact_topics", "responses", "parties"})
NONE = pl.QueryOptFlags.none()
Frames = Mapping[str, pl.DataFrame]


class Prepared:
    """A plan made ready for any number of people and any moment within one day's rules."""

    def __init__(self, plan: Plan, *, assumes: tuple[str, ...] = (), content_hash: str = "") -> None:
        self.plan = plan
        self.recorded: dict[str, Slot] = {}
        self.made: dict[str, Slot] = {}
        self.plans: dict[str, pl.LazyFrame] = {}
        self.flow = Flow(plan, PlannedBackend(), self._rows, stamped_before, assumes, content_hash)
        self._calendars = lru_cache(maxsize=4_096)(self._made_calendars)
        self._build()

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

    def run(self, tables: Frames, at: int) -> Decisions:
        """Decide the people of these tables (engine types) as of a moment. Not for use from two threads at once."""
        clock = _clock(tables, at)
        moments = _Moments(tables, clock)
        for name, slot in self.recorded.items():
            frame = tables.get(name)
            slot.frame = (
                pl.DataFrame(schema=slot.schema)
                if frame is None
                else moments.beside(name, frame, list(slot.schema))
            )
        self.stale.frame = pl.DataFrame({"payments_stale": [clock.payments_stale]})
        for name in self.flow.order:
            self.made[name].frame = self.plans[name].collect(engine="in-memory", optimizations=NONE)
            if name == "chosen":
                self._fill_calendars()
        return Decisions(
            *(
                nw.from_native(self.made[n].frame.lazy())
                for n in ("decisions", "topics", "offers", "people", "loans")
            )
        )

    def _fill_calendars(self) -> None:
        needed = self.made["chosen"].frame[["signature", "day"]].drop_nulls().unique().rows()
        for name, frame in self._calendars(frozenset(needed)).items():
            self.made[name].frame = frame

    def _made_calendars(self, needed: frozenset[tuple[str, int]]) -> dict[str, pl.DataFrame]:
        """Calendars depend on the plan's day alone, and few of them are asked for again and again."""
        return {name: frame.to_native().collect() for name, frame in self.flow.calendars(needed).items()}


def _clock(tables: Frames, at: int) -> Clock:
    zones = tables["borrowers"].get_column("timezone").unique().to_list()
    stale = True
    if "feeds" in tables:
        fresh = tables["feeds"].filter(pl.col("name") == PAYMENTS_FEED).get_column("fresh_until").max()
        stale = not isinstance(fresh, int) or fresh < at
    return clock_for(zones, at, stale)


@dataclass
class _Moments:
    """Puts each row's moment beside it: literals where all clocks agree, else by the person or the loan's borrower."""

    tables: Frames
    clock: Clock

    def beside(self, table: str, frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
        if table in WITHOUT_MOMENT:
            return frame[columns]
        day, offset = self.clock.one_day, self.clock.one_offset
        if day is not None and offset is not None:
            now = zip(NOW, (self.clock.at, day, offset), strict=True)
            same = [pl.Series(name, [value], pl.Int64).new_from_index(0, frame.height) for name, value in now]
            return frame.hstack(same)[columns]
        frame = frame.with_columns(pl.lit(self.clock.at, pl.Int64).alias("now__at"))
        key = (
            "loan_id"
            if table in BY_LOAN
            else ("borrower_id" if "borrower_id" in frame.columns else "person_id")
        )
        beside = self._of_loans() if table in BY_LOAN else self._of_people().rename({"borrower_id": key})
        return frame.join(beside, on=key, how="left").select(columns)

    def _of_people(self) -> pl.DataFrame:
        zones = pl.DataFrame(
            {
                "timezone": list(self.clock.offsets),
                "now__utc_offset": list(self.clock.offsets.values()),
                "now__today": [self.clock.day(zone) for zone in self.clock.offsets],
            },
            schema={"timezone": pl.String, "now__utc_offset": pl.Int64, "now__today": pl.Int64},
        )
        utc_day = divmod(self.clock.at, 86_400)[0]
        people = (
            self.tables["borrowers"].select("borrower_id", "timezone").join(zones, on="timezone", how="left")
        )
        return people.select(
            "borrower_id", pl.col("now__today").fill_null(utc_day), pl.col("now__utc_offset").fill_null(0)
        )

    def _of_loans(self) -> pl.DataFrame:
        loans = self.tables["loans"].select("loan_id", "borrower_id")
        return loans.join(self._of_people(), on="borrower_id", how="left").drop("borrower_id")
