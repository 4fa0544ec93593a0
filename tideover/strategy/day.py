"""What a night decided, counted from the run's own Parquet: everybody, silence included, with what stood in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
from django.db.models import Max

from tideover.engine.facts.written import written_rows
from tideover.strategy.models import Run

KINDS = ("contact", "human", "wait", "none")
TREATMENT, BLOCKED = "treatment", "blocked"


@dataclass(frozen=True)
class Counted:
    """People by treatment and by what stood in the way; empty where the run's folder is not here."""

    people: int = 0
    by_treatment: Mapping[str, int] = field(default_factory=dict)
    by_obstacle: Sequence[tuple[str, int]] = ()
    is_here: bool = True


@dataclass(frozen=True)
class Listed:
    """Somebody in a run: what was decided and why, by codes."""

    person_id: str
    treatment: str
    channel: str
    reasons: tuple[str, ...]


def last_night() -> Run | None:
    """The newest run over the whole book that hands on what it decided."""
    return Run.nights.order_by("-at", "-pk").first()


def night_of(day: date) -> Run | None:
    """The newest run over the whole book of a day in UTC."""
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC)
    of_it = Run.nights.filter(at__gte=begins, at__lt=begins + timedelta(days=1))
    return of_it.order_by("-at", "-pk").first()


def everybody(
    run: Run, people: Sequence[str] | None, *, after: str, most: int
) -> list[dict[str, object]] | None:
    """What a run decided about the people behind a key, those left in peace too, in the order of their keys.

    None where the run's folder is not here.
    """
    rows = _rows(run, people)
    return (
        None
        if rows is None
        else rows.filter(pl.col("borrower_id") > after).sort("borrower_id").head(most).collect().to_dicts()
    )


def counted(run: Run, people: Sequence[str] | None) -> Counted:
    """The numbers of a run. `people` are those who count; None stands for everybody."""
    rows = _rows(run, people)
    if rows is None:
        return Counted(is_here=False)
    treated = rows.group_by("treatment").agg(pl.len()).collect()
    by_treatment = {str(name): int(number) for name, number in treated.iter_rows()}
    stood = _obstacles(rows).group_by("code").agg(pl.len()).sort("len", "code", descending=[True, False])
    return Counted(sum(by_treatment.values()), by_treatment, tuple(stood.collect().iter_rows()))


def listed(
    run: Run, what: str, code: str, people: Sequence[str] | None, *, start: int, most: int
) -> tuple[list[Listed], int]:
    """The people behind one number, and how many they are."""
    rows = _rows(run, people)
    if rows is None:
        return [], 0
    if what == BLOCKED:
        ids = _obstacles(rows).filter(pl.col("code") == code).select("borrower_id")
        rows = rows.join(ids, on="borrower_id", how="semi")
    else:
        rows = rows.filter(pl.col("treatment") == code)
    every = rows.select("borrower_id", "treatment", "channel", "reasons").sort("borrower_id").collect()
    found = [
        Listed(person, treatment, channel or "", tuple((reasons or "").split(",")))
        for person, treatment, channel, reasons in every.slice(start, most).iter_rows()
    ]
    return found, every.height


def _rows(run: Run, people: Sequence[str] | None) -> pl.LazyFrame | None:
    folder = Path(run.folder) / "decisions"
    if not run.folder or not folder.is_dir():
        return None
    rows = written_rows(folder)
    return rows if people is None else rows.filter(pl.col("borrower_id").is_in(list(people)))


def _obstacles(rows: pl.LazyFrame) -> pl.LazyFrame:
    """One row a person and thing that stood in the way, whichever channels it closed."""
    each = rows.select("borrower_id", code=pl.col("blocked_by").fill_null("").str.split(",")).explode("code")
    named = each.with_columns(pl.col("code").str.split("@").list.first())
    return named.filter(pl.col("code") != "").unique()


def last_run_ended() -> datetime | None:
    """When the newest run over the whole book ended."""
    last: datetime | None = Run.nights.aggregate(last=Max("ended_at"))["last"]
    return last
