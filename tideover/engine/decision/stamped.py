"""Tables in memory, each row beside its moment: made once for all plans that decide the same moment. Polars only."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import cached_property

import polars as pl

from tideover.engine.decision.clock import NOW, Clock
from tideover.engine.decision.decide import PAYMENTS_FEED, clock_for

BY_LOAN = frozenset({"instalments", "standings", "payments", "promises", "plans", "contact_topics"})
WITHOUT_MOMENT = frozenset({"feeds", "lender", "protected", "contact_topics", "responses", "parties"})
Frames = Mapping[str, pl.DataFrame]


class Stamped:
    """The tables of a moment. What a row's moment is: the same where all clocks agree, else her own or the borrower's."""

    def __init__(self, tables: Frames, at: int) -> None:
        self.clock = _clock(tables, at)
        self.people, self.loans = tables["borrowers"], tables["loans"]
        self.frames = {name: self._beside(name, frame) for name, frame in tables.items()}

    def rows(self, table: str, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
        """The columns of a table; an empty frame where the book has none."""
        found = self.frames.get(table)
        return pl.DataFrame(schema=schema) if found is None else found[list(schema)]

    def plus(self, more: Frames) -> Stamped:
        """The same with rows added, which share the clocks of their people."""
        made = copy(self)
        stamped = {name: self._beside(name, rows) for name, rows in more.items()}
        made.frames = {**self.frames, **{name: self._after(name, rows) for name, rows in stamped.items()}}
        return made

    def _after(self, table: str, rows: pl.DataFrame) -> pl.DataFrame:
        known = self.frames.get(table)
        return rows if known is None else pl.concat([known[rows.columns], rows])

    def _beside(self, table: str, frame: pl.DataFrame) -> pl.DataFrame:
        if table in WITHOUT_MOMENT:
            return frame
        day, offset = self.clock.one_day, self.clock.one_offset
        if day is not None and offset is not None:
            now = zip(NOW, (self.clock.at, day, offset), strict=True)
            return frame.hstack(
                [pl.Series(name, [value], pl.Int64).new_from_index(0, frame.height) for name, value in now]
            )
        frame = frame.with_columns(pl.lit(self.clock.at, pl.Int64).alias("now__at"))
        if table in BY_LOAN:
            return frame.join(self._of_loans, on="loan_id", how="left")
        key = "borrower_id" if "borrower_id" in frame.columns else "person_id"
        return frame.join(self._of_people.rename({"borrower_id": key}), on=key, how="left")

    @cached_property
    def _of_people(self) -> pl.DataFrame:
        zones = pl.DataFrame(
            {
                "timezone": list(self.clock.offsets),
                "now__today": [self.clock.day(zone) for zone in self.clock.offsets],
                "now__utc_offset": list(self.clock.offsets.values()),
            },
            schema={"timezone": pl.String, "now__today": pl.Int64, "now__utc_offset": pl.Int64},
        )
        people = self.people.select("borrower_id", "timezone").join(zones, on="timezone", how="left")
        utc_day = divmod(self.clock.at, 86_400)[0]
        return people.select(
            "borrower_id", pl.col("now__today").fill_null(utc_day), pl.col("now__utc_offset").fill_null(0)
        )

    @cached_property
    def _of_loans(self) -> pl.DataFrame:
        loans = self.loans.select("loan_id", "borrower_id")
        return loans.join(self._of_people, on="borrower_id", how="left").drop("borrower_id")


def _clock(tables: Frames, at: int) -> Clock:
    zones = tables["borrowers"].get_column("timezone").unique().to_list()
    stale = True
    if "feeds" in tables:
        fresh = tables["feeds"].filter(pl.col("name") == PAYMENTS_FEED).get_column("fresh_until").max()
        stale = not isinstance(fresh, int) or fresh < at
    return clock_for(zones, at, stale)
