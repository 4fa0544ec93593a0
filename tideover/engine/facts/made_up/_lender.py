"""The tables `lender` and `feeds`, of the book as a whole."""

from __future__ import annotations

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._draws import Ints
from tideover.engine.facts.made_up._frames import Rows, Tables, coded, frame

_FEEDS = ("payments", "contacts", "applications")
_FEED_DAYS = 400
"""Nights of which the arrival of the feeds is remembered."""
_SINCE = 5_000
"""Days for which the lender has been one."""


def of_the_lender(at: int) -> Tables:
    """Both tables, for a book of day `at`."""
    return {"lender": _lender(at), "feeds": _feeds(at)}


def _lender(at: int) -> Rows:
    """One creditor, at home in Latvia."""
    since = np.array([(at - _SINCE) * clock.DAY])
    table = frame(
        "lender", jurisdiction="LV", acts_as="creditor", licence="made-up", currency="EUR", recorded_at=since
    )
    return Rows(table)


def _feeds(at: int) -> Rows:
    """Each night brings everything up to the next; so the book is fresh all through its day."""
    return Rows(_nights(np.array([at])), lambda: (_nights(np.arange(at - _FEED_DAYS, at)),))


def _nights(days: Ints) -> pl.DataFrame:
    name, night = np.divmod(np.arange(len(_FEEDS) * len(days)), len(days))
    return frame(
        "feeds",
        name=coded(_FEEDS, name),
        fresh_until=(days[night] + 1) * clock.DAY,
        recorded_at=days[night] * clock.DAY - 1,
    )
