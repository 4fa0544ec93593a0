"""The table `preferences`: what people told us about channel, hours, rhythm and support needs."""

from __future__ import annotations

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._countries import COUNTRIES
from tideover.engine.facts.made_up._draws import Ints
from tideover.engine.facts.made_up._frames import Rows, coded, frame, gathered, moments
from tideover.engine.facts.made_up._people import People
from tideover.engine.facts.made_up._scene import Scene

_QUIET_DAYS = "quiet_days"
_WISHES: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    ("channels", 0.12, ("sms", "email", "app", "call", "app,sms", "email,sms", "letter")),
    ("hours", 0.07, ("evening", "morning", "afternoon", "18-20", "10-13")),
    (_QUIET_DAYS, 0.035, ()),
    ("rhythm", 0.03, ("weekly", "fortnightly", "monthly")),
    ("do_not_study", 0.012, ("yes",)),
    ("large_print", 0.006, ("yes",)),
    ("voice", 0.007, ("yes",)),
    ("interpreter", 0.004, ("yes",)),
    ("no_calls", 0.012, ("yes",)),
    ("trusted_person", 0.003, ("yes",)),
    ("shared_phone", 0.010, ("yes",)),
    ("letters_only", 0.003, ("yes",)),
)
"""(name, share of people, values); quiet days follow the country's weekend."""


def preferences(scene: Scene) -> Rows:
    """The table. A few wishes replaced an earlier "no"."""
    folk = scene.folk
    told = np.stack([folk.draws.happens(f"wish {name}", share) for name, share, _ in _WISHES], axis=1)
    person, wish = np.nonzero(told)
    draws = folk.draws[person].each("wish", wish)
    day = scene.joined.some_day_since(draws, "set", person, scene.at)
    set_at = clock.by_day(draws, "set at", folk.zone[person], day)
    table = frame(
        "preferences",
        person_id=gathered(folk.ids, person),
        name=coded([name for name, _, _ in _WISHES], wish),
        value=_values(folk, person, wish, draws.cell("value")),
        set_at=set_at,
        recorded_at=set_at,
    )

    def earlier() -> tuple[pl.DataFrame, ...]:
        first = moments(clock.moment(folk.zone[person], scene.joined.day[person], 20 * 60))
        before = table.with_columns(
            pl.lit("no").alias("value"), first.alias("set_at"), first.alias("recorded_at")
        )
        return (before.filter((table["value"] == "yes") & pl.Series(draws.happens("asked before", 0.2))),)

    return Rows(table, earlier)


def _values(folk: People, person: Ints, wish: Ints, cell: Ints) -> pl.Series:
    weekends = [",".join(land.weekend) for land in COUNTRIES]
    values = [value for _, _, given in _WISHES for value in given]
    counts = np.array([len(given) for _, _, given in _WISHES])
    place = (np.cumsum(counts) - counts)[wish] + cell * counts[wish] // 4096
    is_quiet = wish == [name for name, _, _ in _WISHES].index(_QUIET_DAYS)
    return coded([*values, *weekends], np.where(is_quiet, len(values) + folk.country[person], place))
