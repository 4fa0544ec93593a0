"""Runs: the whole book at night, and the few people whom events touched, by the same decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl
from django.conf import settings
from django.db import transaction

from tideover.access.clock import now
from tideover.book.here import erased_among
from tideover.book.mirror import mirrored
from tideover.book.queries import known_about
from tideover.engine.decision.whole_book import PARTS
from tideover.engine.facts.written import engine_rows, in_polars
from tideover.strategy.keeping import Frames, keep_decisions
from tideover.strategy.models import Changed, Run
from tideover.strategy.nights import decide_everybody
from tideover.strategy.releases import live_plan
from tideover.strategy.shares import in_force, in_force_or_asked_for, setups_for

BATCH = 500
HASHES = ("strategy_hash", "rules_hash", "tables_hash", "content_hash")
Progress = Callable[[str], None]


def run_nightly(*, at: datetime, progress: Progress = lambda _: None, shadow: bool = False) -> Run:
    """Decide everybody as of a moment. In shadow nothing is handed on: the answer lies in the run's folder."""
    started = now()
    setups = in_force_or_asked_for() if shadow else in_force()
    progress("reading what is new")
    book = mirrored(settings.DATA / "mirror", at=at)
    folder = settings.DATA / "runs" / f"{at:%Y-%m-%dT%H%M%SZ}-{'shadow' if shadow else 'nightly'}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    decide_everybody(book, setups, int(at.timestamp()), folder, progress=progress)
    frames: Frames = {part: engine_rows(folder / part).to_native() for part in PARTS}
    return _kept("shadow" if shadow else "nightly", frames, at=at, started=started, folder=folder)


def run_events(*, at: datetime) -> Run | None:
    """Decide the people whose facts changed since they were last looked at; at most 500, the longest waiting first.

    Whose change becomes known only after `at`, such as one told while the night ran, waits for the next turn.
    """
    known = Changed.objects.filter(at__lte=int(at.timestamp()))
    waiting = list(known.order_by("at", "person_id")[:BATCH])
    if not waiting:
        return None
    started = now()
    frames = _decided([it.person_id for it in waiting], at)
    folder = settings.DATA / "runs" / f"{at:%Y-%m-%d}-events"
    folder.mkdir(parents=True, exist_ok=True)
    with transaction.atomic():
        frames = _without_erased(frames, [it.person_id for it in waiting])
        run = _kept("event", frames, at=at, started=started, folder=folder)
        frames["decisions"].collect().write_parquet(folder / f"{run.pk:012}.parquet")
    # Whoever changed again meanwhile stays in line.
    Changed.objects.filter(pk__in=[it.pk for it in waiting], noted__in=[it.noted for it in waiting]).delete()
    return run


def _decided(people: list[str], at: datetime) -> Frames:
    """What follows for a few people, each by the release that decides for them."""
    moment, tables = int(at.timestamp()), known_about(people, at)
    setups = setups_for(people) or [(setup, frozenset()) for setup in in_force().setups]
    made = [(live_plan(setup, at).run(tables, moment), part) for setup, part in setups]
    decisions = pl.concat(
        in_polars(it.decisions).filter(pl.col("borrower_id").is_in(sorted(part))) for it, part in made
    )
    mine = decisions.select("decision_id").lazy()

    def rows_of(part: str) -> pl.LazyFrame:
        rows = pl.concat(in_polars(getattr(it, part)) for it, _ in made).lazy()
        return rows.join(mine, on="decision_id", how="semi")

    return {"decisions": decisions.lazy(), "topics": rows_of("topics"), "offers": rows_of("offers")}


def _without_erased(frames: Frames, people: list[str]) -> Frames:
    """Whoever was erased while it was decided is left out; nobody else is before rows and file are there."""
    if not (erased := erased_among(people)):
        return frames
    left = frames["decisions"].filter(~pl.col("borrower_id").is_in(sorted(erased)))
    return {**frames, "decisions": left}


@transaction.atomic
def _kept(kind: str, frames: Frames, *, at: datetime, started: datetime, folder: Path) -> Run:
    """The run, and of its rows those that a message or a person follows: a book of millions is not held for them."""
    decisions = frames["decisions"]
    counts = dict(decisions.group_by("treatment").len().collect().iter_rows())
    hashes = decisions.select(*HASHES).head(1).collect().to_dicts() or [dict.fromkeys(HASHES, "")]
    run = Run.objects.create(
        kind=kind, at=at, started_at=started, ended_at=now(), people=sum(counts.values()), counts=counts, folder=str(folder),
        **{name: value or "" for name, value in hashes[0].items()},
    )  # fmt: skip
    if kind != "shadow":
        keep_decisions(run, frames)
    return run
