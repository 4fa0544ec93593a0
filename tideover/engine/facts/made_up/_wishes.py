"""The table `preferences`: what people told us about channel, hours, rhythm and support needs."""

from __future__ import annotations

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._draws import Ints
from tideover.engine.facts.made_up._frames import Rows, coded, frame, gathered
from tideover.engine.facts.made_up._lives import Lives
from tideover.engine.facts.made_up._people import People
from tideover.engine.facts.made_up._world import COUNTRIES

_WISHES: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    ("channels", 0.12, ("sms", "email", "app", "call", "app,sms", "email,sms", "letter")),
    ("hours", 0.07, ("evening", "morning", "afternoon", "18-20", "10-13")),
    ("quiet_days", 0.035, ()),
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


def preferences(folk: People, known: Lives, at: int, history: bool) -> Rows:
    """The table. A few wishes replaced an earlier "no"."""
    told = np.stack([folk.draws.happens(f"wish {name}", share) for name, share, _ in _WISHES], axis=1)
    person, wish = np.nonzero(told)
    draws = folk.draws[person].each("wish", wish)
    day = known.joined[person] + 1 + draws.below("set", np.maximum(at - known.joined[person] - 1, 1))
    set_at = clock.by_day(draws, "set at", folk.zone[person], day)
    table = frame(
        "preferences",
        person_id=gathered(folk.ids, person),
        name=coded([name for name, _, _ in _WISHES], wish),
        value=_values(folk, person, wish, draws.cell("value")),
        set_at=set_at,
        recorded_at=set_at,
    )
    if not history:
        return Rows(table)
    first = pl.Series(clock.moment(folk.zone[person], known.joined[person], 20 * 60) * 1_000_000).cast(set_at_type(table))
    before = table.with_columns(pl.lit("no").alias("value"), first.alias("set_at"), first.alias("recorded_at"))
    yes_or_no = pl.col("value") == "yes"
    again = pl.Series(draws.happens("asked before", 0.2))
    return Rows(table, (before.filter(table.select(yes_or_no).to_series() & again),))


def set_at_type(table: pl.DataFrame) -> pl.DataType:
    """The type of moments on disk."""
    return table.schema["set_at"]


def _values(folk: People, person: Ints, wish: Ints, cell: Ints) -> pl.Series:
    values: list[str] = []
    place = np.zeros(len(person), dtype=np.int64)
    for number, (name, _, given) in enumerate(_WISHES):
        here = wish == number
        if name == "quiet_days":
            place[here] = len(values) + folk.country[person[here]]
            given = tuple(",".join(land.weekend) for land in COUNTRIES)
        else:
            place[here] = len(values) + cell[here] * len(given) // 4096
        values.extend(given)
    return coded(values, place)
