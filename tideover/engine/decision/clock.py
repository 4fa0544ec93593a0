"""The moment of a decision, put beside every row: `at`, the person's local day, her offset from UTC.

Where all zones of a book agree at that moment, and they mostly do within a country, these are literals and
cost nothing; else they come by one join over the person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import narwhals as nw

from tideover.engine.arithmetic import floor_day, number
from tideover.engine.decision.backend import Backend

OWN_MOMENT = "at"


@dataclass(frozen=True)
class Clock:
    """One moment, and what every zone's clock shows then. `offsets`: seconds east of UTC by zone name; "" stands for no zone.

    `payments_stale`: the payments feed is too old at that moment to ask anybody for money.
    """

    at: int
    offsets: Mapping[str, int]
    payments_stale: bool = False

    @property
    def one_offset(self) -> int | None:
        """The offset that all zones share, if they do."""
        shared = set(self.offsets.values())
        return shared.pop() if len(shared) == 1 else None

    @property
    def one_day(self) -> int | None:
        """The local day that all zones share, if they do."""
        days = {self.day(zone) for zone in self.offsets}
        return days.pop() if len(days) == 1 else None

    def day(self, zone: str) -> int:
        """The local day number in a zone."""
        return divmod(self.at + self.offsets[zone], 86_400)[0]


def people_at(borrowers: nw.LazyFrame, clock: Clock, backend: Backend) -> nw.LazyFrame:
    """People with `at`, `utc_offset` and `today`; who has no known zone is read in UTC."""
    zones = backend.table(
        {"timezone": list(clock.offsets), "utc_offset": list(clock.offsets.values())},
        {"timezone": nw.String, "utc_offset": nw.Int64},
    )
    stamped = borrowers.rename({"borrower_id": "person_id"}).join(zones, on="timezone", how="left")
    stamped = stamped.with_columns(
        number(clock.at).alias("at"), nw.lit(clock.payments_stale).alias("payments_stale")
    )
    stamped = stamped.with_columns(nw.col("utc_offset").fill_null(0))
    return stamped.with_columns(floor_day(nw.col("at") + nw.col("utc_offset")).alias("today"))


NOW = ("now__at", "now__today", "now__utc_offset")
"""Columns of a row that already carries its moment, in a plan that was built before the moment was known."""


def stamped_before(rows: nw.LazyFrame, _key: str, _columns: frozenset[str]) -> nw.LazyFrame:
    """Rows that carry their moment, named as the insights read it."""
    names = rows.collect_schema().names()
    if OWN_MOMENT in names:
        rows = rows.rename({OWN_MOMENT: "at_of_row"})
    return rows.rename({name: name.removeprefix("now__") for name in NOW if name in names})


class Stamp:
    """Puts the moment beside the rows of any table."""

    def __init__(self, clock: Clock, people: nw.LazyFrame, loans: nw.LazyFrame, backend: Backend) -> None:
        """`people` carry their moment; `loans`: loan_id, borrower_id."""
        self.clock = clock
        self.of_people = backend.settle(people.select("person_id", "utc_offset", "today"))
        of_loans = loans.join(self.of_people, left_on="borrower_id", right_on="person_id", how="left")
        self.of_loans = backend.settle(of_loans.drop("borrower_id"))

    def __call__(self, rows: nw.LazyFrame, key: str, columns: frozenset[str]) -> nw.LazyFrame:
        """Rows with those of `at`, `today` and `utc_offset` that are asked for; an `at` of the row's own becomes `at_of_row`."""
        if OWN_MOMENT in rows.collect_schema().names():
            rows = rows.rename({OWN_MOMENT: "at_of_row"})
        rows = rows.with_columns(number(self.clock.at).alias("at"))
        wanted = columns & {"today", "utc_offset"}
        literal = {
            name: value
            for name, value in (("today", self.clock.one_day), ("utc_offset", self.clock.one_offset))
            if name in wanted and value is not None
        }
        rows = (
            rows.with_columns(*(number(value).alias(name) for name, value in literal.items()))
            if literal
            else rows
        )
        missing = sorted(wanted - set(literal))
        return self._join(rows, key, missing) if missing else rows

    def _join(self, rows: nw.LazyFrame, key: str, missing: list[str]) -> nw.LazyFrame:
        if key == "loan_id":
            return rows.join(self.of_loans.select("loan_id", *missing), on="loan_id", how="left")
        return rows.join(
            self.of_people.select("person_id", *missing), left_on=key, right_on="person_id", how="left"
        )
