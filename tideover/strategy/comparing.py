"""A trial in counts: how many people are treated how, before and after, and what becomes of whom. No person is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from tideover.engine.measure import Report, Words
from tideover.engine.measure.report import Change
from tideover.kit.days import iso_day

NEW, OLD = "new", "live"
SPOKEN = ("contact", "human")
ORDER = ("contact", "human", "wait", "none")
"""By these a person is counted once: the most that happens to her on one of the days."""
SHOWN = 12
DAY = 86_400


def counted(report: Report, folders: Mapping[str, Path], words: Words) -> dict[str, object]:
    """The trial as it is kept and shown."""
    rows = {name: _rows(folder) for name, folder in folders.items()}
    spoken = {name: set(_spoken(it)["borrower_id"]) for name, it in rows.items()}
    before, now = spoken.get(OLD, set()), spoken[NEW]
    return {
        "days": [iso_day(moment // DAY) for moment in report.moments],
        "people": report.people,
        "of": report.of,
        "treatments": {name: _treated(it) for name, it in rows.items()},
        "purposes": {name: _purposes(it) for name, it in rows.items()},
        "newly_spoken_to": len(now - before) if OLD in rows else None,
        "newly_left": len(before - now) if OLD in rows else None,
        "apart": _apart(report),
        "changes": _changes(report.changes, words),
    }


def _rows(folder: Path) -> pl.DataFrame:
    files = sorted((folder / "decisions").glob("*.parquet"))
    return pl.scan_parquet(files).select("borrower_id", "treatment", "purpose").collect()


def _spoken(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("treatment").is_in(SPOKEN))


def _treated(rows: pl.DataFrame) -> dict[str, int]:
    rank = pl.col("treatment").replace_strict({name: place for place, name in enumerate(ORDER)})
    best = rows.group_by("borrower_id").agg(rank=rank.min()).group_by("rank").len()
    found = dict(best.iter_rows())
    return {name: int(found.get(place, 0)) for place, name in enumerate(ORDER)}


def _purposes(rows: pl.DataFrame) -> dict[str, int]:
    counted = _spoken(rows).group_by("purpose").agg(people=pl.col("borrower_id").n_unique())
    return {str(name): int(people) for name, people in counted.sort("purpose").iter_rows()}


def _apart(report: Report) -> list[float] | None:
    """Contacts of a hundred people, the new strategy less the live one, with its bounds."""
    if report.difference is None:
        return None
    it = report.difference.times(100)
    return [round(it.value, 1), round(it.low, 1), round(it.high, 1)]


def _situation(words: Words, treatment: str, because: str) -> str:
    return f"{words.treatment(treatment)}: {words.of_person(because)}"


def _changes(changes: tuple[Change, ...], words: Words) -> list[dict[str, object]]:
    """From what to what, as people read it; what reads the same is one line."""
    people: Counter[tuple[str, str]] = Counter()
    for it in changes:
        was, now = (_situation(words, of.treatment, of.because) for of in (it.was, it.now))
        if was != now:
            people[was, now] += it.people
    return [{"was": was, "now": now, "people": many} for (was, now), many in people.most_common(SHOWN)]
