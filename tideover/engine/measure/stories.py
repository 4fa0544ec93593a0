"""Twenty people told in words: what happened to each, day by day, from the reasons of their rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import polars as pl

from tideover.engine.measure.report import Line, Story
from tideover.engine.measure.words import Words, label
from tideover.kit.calendars import offset_at, zone_names
from tideover.kit.days import datetime_of

TWENTY = 20
DAY = 86_400
Row = Mapping[str, object]

KINDS: tuple[tuple[str, str, int], ...] = (
    ("changed", "treated most differently by the two strategies", 7),
    ("contacts", "hears from us most often", 4),
    ("calls", "a person calls", 3),
    ("blocked", "a rule, hold or wish stands in the way most often", 3),
)
"""Whom to tell of, in this order, each at most so many; the rest are drawn by seed."""


def choose(people: pl.DataFrame, number: int = TWENTY) -> list[tuple[str, str]]:
    """People and why each is told: `people` has borrower_id, seed and the counts of KINDS. Ties go by seed, never by order."""
    chosen: dict[str, str] = {}
    for column, why, most in KINDS:
        if column in people.columns:
            ranked = people.filter(pl.col(column) > 0).sort(
                [column, "seed", "borrower_id"], descending=[True, False, False]
            )
            fresh = [one for one in ranked["borrower_id"] if one not in chosen][:most]
            chosen |= dict.fromkeys(fresh, why)
    rest = people.sort("seed", "borrower_id")["borrower_id"]
    chosen |= dict.fromkeys(
        [one for one in rest if one not in chosen][: max(number - len(chosen), 0)], "drawn by seed"
    )
    return list(chosen.items())[:number]


@dataclass(frozen=True)
class Teller:
    """Tells rows of decisions in words. `zones` by person: whose clock a time is read on."""

    words: Words
    zones: Mapping[str, str]

    def story(self, person: str, chosen: str, sides: Mapping[str, Iterable[Row]]) -> Story:
        """One person under each strategy."""
        rows = {name: sorted(rows, key=lambda row: int(str(row["at"]))) for name, rows in sides.items()}
        first = next((row for side in rows.values() for row in side), {})
        return Story(
            person,
            chosen,
            self._about(first),
            tuple((name, tuple(self._lines(it))) for name, it in rows.items()),
        )

    def _about(self, row: Row) -> str:
        segment, _, band = str(row.get("leaf") or "").partition("/")
        habit = {
            "new": "new to credit",
            "spotless": "never late so far",
            "sometimes": "sometimes late",
            "often": "often late",
        }
        late = "nothing overdue" if band == "current" else f"{band} days overdue" if band else ""
        return ", ".join(
            part for part in (habit.get(segment, label(segment) if segment else ""), late) if part
        )

    def _lines(self, rows: list[Row]) -> Iterator[Line]:
        for _, group in groupby(rows, key=_alike):
            days = list(group)
            yield Line(
                self._day(days[0]),
                self._day(days[-1]),
                str(days[0]["treatment"]),
                self._head(days),
                self._told(days[-1]),
            )

    def _day(self, row: Row) -> int:
        return divmod(int(str(row["at"])) + self._offset(row), DAY)[0]

    def _offset(self, row: Row, moment: str = "at") -> int:
        zone = self.zones.get(str(row["borrower_id"]), "")
        return offset_at(zone, int(str(row[moment]))) if zone in zone_names() else 0

    def _told(self, row: Row) -> str:
        because, stood = self.words.because(str(row["reasons"])), self._stood_in_the_way(row)
        if row["treatment"] == "wait":
            because = because.removesuffix(self.words.reason("better_moment_later")).strip()
        return " ".join(part for part in (self._message(row), because, stood) if part)

    def _head(self, days: list[Row]) -> str:
        row = days[0]
        when = f", {self._clock(row)}" if row["send_at"] is not None else ""
        channel = label(str(row["channel"])) if row["channel"] else ""
        match row["treatment"]:
            case "contact":
                return f"{channel}{when}, {label(str(row['tone']))} tone"
            case "human":
                return f"{channel or 'a person takes over'}{when}"
            case "wait":
                return f"waits for {', then '.join(dict.fromkeys(self._date(it) for it in days))}"
            case _:
                return "left in peace"

    def _clock(self, row: Row) -> str:
        return f"{self._leaves(row):%H:%M}"

    def _date(self, row: Row) -> str:
        if row["send_at"] is None:
            return "a better moment"
        at = self._leaves(row)
        return f"{at:%a} {at.day} {at:%b}"

    def _leaves(self, row: Row) -> datetime:
        return datetime_of(int(str(row["send_at"])) + self._offset(row, "send_at"))

    def _message(self, row: Row) -> str:
        return (
            f"{self.words.purpose(str(row['purpose']))}"
            if row["treatment"] != "none" and row["purpose"]
            else ""
        )

    def _stood_in_the_way(self, row: Row) -> str:
        held = self.words.because(str(row["blocked_by"] or ""))
        return f"What stood in the way: {held}" if held else ""


def _alike(row: Row) -> tuple[object, ...]:
    """Days that are told as one: silences for the same reason, and waits to say the same."""
    if row["treatment"] == "none":
        return "none", row["reasons"], row["blocked_by"]
    if row["treatment"] == "wait":
        return "wait", row["purpose"], row["reasons"]
    return row["treatment"], row["at"]
