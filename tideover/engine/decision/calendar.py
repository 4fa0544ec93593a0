"""Calendar tables for the places and wishes that occur in a book, so that every time question is one equi-join.

A signature is window | zones | wished hours | quiet days. Rows are keyed by local day rather than by quarter of
an hour: forty columns in place of ninety-six rows a day, with the same answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import narwhals as nw

from tideover.engine.decision.backend import Backend
from tideover.engine.policy.rules._tables import MergedWindow
from tideover.kit.calendars import (
    AHEAD,
    ALWAYS,
    SLOTS,
    Signature,
    Window,
    day_table,
    holidays_of,
    slot_table,
    zone_names,
)
from tideover.kit.days import date_of
from tideover.kit.days import weekday as weekday_of

BETWEEN = "|"
BETWEEN_ZONES = ";"
"""No zone has it in its name: `Etc/GMT+1` has a plus."""

NO_WORD = "?"
"""Stands in a wish for what would read as the end of it."""
HOURS = {"morning": (8 * 60, 12 * 60), "afternoon": (12 * 60, 17 * 60), "evening": (17 * 60, 21 * 60)}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Person = tuple[str | None, str | None, str | None]


def signature_key() -> nw.Expr:
    """What of a person shapes her calendar: zones, wished hours, quiet days; NULL where the zone is unknown."""
    hours, quiet = (
        nw.col(name).fill_null("").str.replace_all(BETWEEN, NO_WORD, literal=True)
        for name in ("wished_hours", "wished_quiet_days")
    )
    return nw.concat_str(nw.col("zones"), hours, quiet, separator=BETWEEN).alias("person_key")


class Calendars:
    """Calendar rows for the (signature, local day) pairs that occur; none for a key whose zone is unknown."""

    def __init__(self, windows: Mapping[str, MergedWindow], needed: Iterable[tuple[str, int]]) -> None:
        self.by_day: dict[int, list[Signature]] = {}
        for key, day in sorted(set(needed)):
            made = signature(key, windows, day)
            if made is not None:
                self.by_day.setdefault(day, []).append(made)

    def days(self, backend: Backend) -> nw.LazyFrame:
        """signature, day, opens_k, closes_k, next_k."""
        columns = _stacked(
            [day_table(made, day, 1) for day, made in self.by_day.items()] or [day_table([], 0, 1)]
        )
        return backend.table(
            columns, {name: nw.String if name == "signature" else nw.Int64 for name in columns}
        )

    def slots(self, backend: Backend) -> nw.LazyFrame:
        """signature, slot, day, and for each weekday (0 is Monday) of the seven days from that one slot_opens_w, slot_closes_w."""
        parts = [_by_weekday(slot_table(made, day, 1), day) for day, made in self.by_day.items()]
        columns = _stacked(parts or [_by_weekday(slot_table([], 0, 1), 0)])
        return backend.table(
            columns, {name: nw.String if name == "signature" else nw.Int64 for name in columns}
        )


def _by_weekday(columns: Mapping[str, Sequence[object]], day: int) -> dict[str, Sequence[object]]:
    first = weekday_of(day)
    named = {name: columns[name] for name in ("signature", "slot", "day")}
    for name in ("opens", "closes"):
        named |= {
            f"slot_{name}_{weekday}": columns[f"{name}_{divmod(weekday - first, 7)[1]}"]
            for weekday in WEEKDAY_CELLS
        }
    return named


def _stacked(parts: Sequence[Mapping[str, Sequence[object]]]) -> dict[str, list[object]]:
    return {name: [value for part in parts for value in part[name]] for name in parts[0]}


def signature(key: str, windows: Mapping[str, MergedWindow], day: int) -> Signature | None:
    """The signature of a key, with the holidays around a day; None where a zone is unknown."""
    window, zones, hours, quiet = key.split(BETWEEN)
    named = tuple(zones.split(BETWEEN_ZONES))
    if not set(named) <= _known_zones():
        return None
    return _signature(key, named, hours, quiet, windows[window], day, 1)


@lru_cache(maxsize=1)
def _known_zones() -> frozenset[str]:
    return frozenset(zone_names())


def _signature(
    key: str, zones: tuple[str, ...], hours: str, quiet: str, merged: MergedWindow, from_day: int, days: int
) -> Signature:
    blocked: frozenset[int] = frozenset()
    if merged.holidays and merged.country:
        blocked = _holidays(merged.country, merged.subdiv, from_day - 1, from_day + days + AHEAD + 1)
    return Signature(key, merged.window, zones, blocked, wish(hours, quiet))


@lru_cache(maxsize=256)
def _holidays(country: str, subdiv: str | None, first: int, last: int) -> frozenset[int]:
    years = range(date_of(first).year, date_of(last).year + 1)
    return frozenset(day for day in holidays_of(country, years, subdiv) if first <= day <= last)


@lru_cache(maxsize=4096)
def wish(hours: str, quiet: str) -> Window | None:
    """A person's wished hours and quiet weekdays as a window; a wish that cannot be read keeps only what is sure: nothing."""
    if not hours and not quiet:
        return None
    quiet_days = {DAYS.index(day.strip()[:3]) for day in quiet.split(",") if day.strip()[:3] in DAYS}
    span = _span(hours) if hours else (0, 24 * 60)
    if span is None:
        return Window.of({})
    return Window.of({day: [span] for day in range(7) if day not in quiet_days}) & ALWAYS


def _span(hours: str) -> tuple[int, int] | None:
    if hours in HOURS:
        return HOURS[hours]
    first, _, last = hours.partition("-")
    if first.isdigit() and last.isdigit() and 0 <= int(first) < int(last) <= 24:
        return int(first) * 60, int(last) * 60
    return None


SLOT_CELLS = tuple(range(SLOTS))
WEEKDAY_CELLS = tuple(range(7))
