"""The hours of a local week in which something may happen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

QUARTER_MINUTES = 15
DAY_MINUTES = 24 * 60
QUARTERS_A_DAY = DAY_MINUTES // QUARTER_MINUTES
WEEKDAYS = range(7)  # 0 is Monday

Interval = tuple[int, int]  # local minutes of the day: open, close; close is exclusive


@dataclass(frozen=True)
class Window:
    """Per weekday (0 = Monday) the open intervals in local minutes, sorted, apart, edges multiples of 15.

    Wall time counts, not elapsed time: an hour that a clock shows twice is open twice, one it skips is not
    there.
    """

    weekdays: tuple[tuple[Interval, ...], ...]

    def __post_init__(self) -> None:
        if len(self.weekdays) != len(WEEKDAYS):
            raise ValueError(f"A window has seven weekdays, Monday first, not {len(self.weekdays)}.")
        for intervals in self.weekdays:
            _check(intervals)

    def __getitem__(self, weekday: int) -> tuple[Interval, ...]:
        return self.weekdays[weekday]

    @cached_property
    def quarters(self) -> npt.NDArray[np.bool_]:
        """672 flags, one for each quarter hour of the week from Monday 00:00."""
        flags = np.zeros(len(WEEKDAYS) * QUARTERS_A_DAY, dtype=np.bool_)
        for weekday, intervals in enumerate(self.weekdays):
            for opens, closes in intervals:
                start = weekday * DAY_MINUTES
                flags[(start + opens) // QUARTER_MINUTES : (start + closes) // QUARTER_MINUTES] = True
        flags.flags.writeable = False
        return flags

    def is_open(self, weekday: int, minute: int) -> bool:
        """Whether the local wall time lies inside."""
        return any(opens <= minute < closes for opens, closes in self.weekdays[weekday])

    @staticmethod
    def of(weekdays: Mapping[int, Iterable[Interval]]) -> Window:
        """From the weekdays that are open at all, as {0: [(480, 1200)]}.

        Intervals may touch, overlap, or run past midnight: (1320, 420) opens that evening, closes next
        morning.
        """
        pieces: list[list[Interval]] = [[] for _ in WEEKDAYS]
        for weekday, intervals in weekdays.items():
            for opens, closes in intervals:
                _add(pieces, weekday, opens, closes)
        return Window(tuple(_merged(day) for day in pieces))

    @staticmethod
    def daily(*intervals: Interval) -> Window:
        """The same intervals on every weekday; one that runs past midnight is allowed."""
        return Window.of(dict.fromkeys(WEEKDAYS, intervals))

    def __and__(self, other: Window) -> Window:
        """Open where both are: the stricter of the two."""
        return Window(tuple(_common(a, b) for a, b in zip(self.weekdays, other.weekdays, strict=True)))

    def __or__(self, other: Window) -> Window:
        """Open where either is."""
        return Window(tuple(_merged([*a, *b]) for a, b in zip(self.weekdays, other.weekdays, strict=True)))

    def __invert__(self) -> Window:
        """Open where this one is closed."""
        return Window(tuple(_gaps(intervals) for intervals in self.weekdays))


def _check(intervals: tuple[Interval, ...]) -> None:
    last = -1
    for opens, closes in intervals:
        if not 0 <= opens < closes <= DAY_MINUTES:
            raise ValueError(
                f"An interval must lie inside one day and end after it starts, not {opens}-{closes}."
            )
        if opens % QUARTER_MINUTES or closes % QUARTER_MINUTES:
            raise ValueError(f"Hours go by quarters: {opens}-{closes} minutes is not on a quarter hour.")
        if opens <= last:
            raise ValueError(f"Intervals must be in order and apart: {opens} comes at or before {last}.")
        last = closes


def _add(pieces: list[list[Interval]], weekday: int, opens: int, closes: int) -> None:
    if opens < closes:
        pieces[weekday].append((opens, closes))
        return
    pieces[weekday].append((opens, DAY_MINUTES))
    if closes > 0:
        pieces[(weekday + 1) % 7].append((0, closes))


def _merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for opens, closes in sorted(intervals):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return tuple(merged)


def _common(some: tuple[Interval, ...], others: tuple[Interval, ...]) -> tuple[Interval, ...]:
    pairs = ((max(a[0], b[0]), min(a[1], b[1])) for a in some for b in others)
    return _merged(pair for pair in pairs if pair[0] < pair[1])


def _gaps(intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
    edges = [0, *(edge for interval in intervals for edge in interval), DAY_MINUTES]
    return tuple((a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b)


ALWAYS = Window.daily((0, DAY_MINUTES))
NEVER = Window.of({})
