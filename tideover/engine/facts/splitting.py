"""A staged table split into `current` and `history`, a part of its keys at a time, so that memory stays small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from .kinds import whole_seconds
from .reading import COLUMN, REASON
from .tables import Table
from .versions import REPLACED_AT

_ROWS_A_PART = 3_000_000


@dataclass(frozen=True)
class Split:
    """Files of one table after its versions were told apart."""

    current: list[Path] = field(default_factory=list)
    history: list[Path] = field(default_factory=list)
    set_aside: list[Path] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)


def split(table: Table, staged: Path, work: Path) -> Split:
    """Write the parts of `current`, `history` (none when no row has two versions) and what ties set aside."""
    result = Split()
    for number, part in enumerate(_parts(table, staged)):
        _split_part(table, part, work / f"{number:04}", result)
    if result.rows["history"] == result.rows["current"]:
        result.history.clear()
    return result


def _parts(table: Table, staged: Path) -> Iterator[pl.DataFrame]:
    """All versions of a key are in one part, and all rows of a loan where the loan comes first in the key."""
    rows = pl.scan_parquet(staged)
    parts = max(1, -(-int(rows.select(pl.len()).collect().item()) // _ROWS_A_PART))
    for part in range(parts):
        own = pl.col(table.key[0]).hash() % parts == part
        yield rows.filter(own).collect(engine="streaming") if parts > 1 else rows.collect()


def _split_part(table: Table, part: pl.DataFrame, stem: Path, result: Split) -> None:
    ordered, losers = _without_ties(table, part.sort(*table.key, "recorded_at"))
    ordered, strays = _without_strays(table, ordered)
    versions = ordered.with_columns(whole_seconds(pl.col("recorded_at")))
    replaced = pl.when(_same(table.key)).then(pl.col("recorded_at").shift(-1)).alias(REPLACED_AT)
    history = versions.with_columns(replaced)
    current = history.filter(pl.col(REPLACED_AT).is_null()).drop(REPLACED_AT)
    _keep("current", current, stem, result)
    if current.height < history.height:
        _keep("history", history, stem, result)
    else:
        result.history.append(result.current[-1])
        result.rows["history"] += current.height
    for aside in (losers, strays):
        if aside.height:
            result.reasons.update(aside[REASON].to_list())
            _keep("set_aside", aside, stem.with_name(f"{stem.name}-{len(result.set_aside)}"), result)


def _keep(kind: str, rows: pl.DataFrame, stem: Path, result: Split) -> None:
    path = stem.with_name(f"{stem.name}.{kind}.parquet")
    rows.write_parquet(path)
    result.rows[kind] += rows.height
    {"current": result.current, "history": result.history, "set_aside": result.set_aside}[kind].append(path)


def _same(names: tuple[str, ...]) -> pl.Expr:
    """Whether the next row has the same values."""
    return pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(-1)) for name in names)


def _without_ties(table: Table, ordered: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row for each key and second: the later one; of two at one instant, the one whose content comes last."""
    second = whole_seconds(pl.col("recorded_at"))
    beside_next = _same(table.key) & second.eq_missing(second.shift(-1))
    tied = ordered.select(beside_next | beside_next.shift(1, fill_value=False)).to_series()
    if not tied.any():
        return ordered, ordered.clear().with_columns(pl.lit("").alias(REASON))
    believed_last = _believed_last(table, tuple(ordered.columns))
    contest = ordered.filter(tied).sort(
        *table.key, "recorded_at", *believed_last, nulls_last=_nulls_last(table, believed_last)
    )
    loses = contest.select(beside_next).to_series()
    losers = contest.with_columns(_why_it_loses(tuple(contest.columns)).alias(REASON)).filter(loses)
    rest = pl.concat([ordered.filter(~tied), contest.filter(~loses)]).sort(*table.key, "recorded_at")
    return rest, _as_text(losers, "recorded_at")


def _believed_last(table: Table, names: tuple[str, ...]) -> tuple[str, ...]:
    """The order of content, the same on every machine: what is believed comes last."""
    ends = [column.name for column in table.every if column.ends]
    first = [*table.greater_first, *ends]
    return (*first, *(name for name in names if name not in {*first, *table.key, "recorded_at"}))


def _nulls_last(table: Table, believed_last: tuple[str, ...]) -> list[bool]:
    """An end that is known beats one that is not; but a hold that has not ended beats one that has."""
    open_wins = {column.name for column in table.every if column.ends} if table.protects else set()
    return [False] * (len(table.key) + 1) + [name in open_wins for name in believed_last]


def _why_it_loses(names: tuple[str, ...]) -> pl.Expr:
    later = pl.col("recorded_at") != pl.col("recorded_at").shift(-1)
    return (
        pl.when(later)
        .then(pl.lit("same_second"))
        .when(_same(names))
        .then(pl.lit("duplicate_row"))
        .otherwise(pl.lit("duplicate_version"))
    )


def _without_strays(table: Table, ordered: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Versions that disagree with the latest in what can never change."""
    stray = pl.any_horizontal(
        pl.lit(False), *(pl.col(name) != pl.col(name).last().over(table.key) for name in table.steady)
    )
    found = ordered.select(stray).to_series() if table.steady else pl.Series([False])
    if not found.any():
        return ordered, ordered.clear().with_columns(pl.lit("").alias(REASON))
    strays = ordered.filter(found).with_columns(pl.lit("mixed_currency").alias(REASON))
    return ordered.filter(~found), _as_text(strays, table.steady[0])


def _as_text(rows: pl.DataFrame, about: str) -> pl.DataFrame:
    return rows.cast(pl.String).with_columns(pl.lit(about).alias(COLUMN))
