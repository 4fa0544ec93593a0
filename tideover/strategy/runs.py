"""Runs: the whole book at night, and the few people whom events touched, by the same decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

import polars as pl
from django.conf import settings
from django.db import transaction

from tideover.access.clock import now
from tideover.book.mirror import mirrored
from tideover.book.queries import known_about
from tideover.engine.decision.whole_book import PARTS, decide_book, in_polars
from tideover.strategy.models import Changed, Decision, Run
from tideover.strategy.nights import night_after
from tideover.strategy.releases import live_setup

SPOKEN, WAIT = ("contact", "human"), "wait"
BATCH = 500
BY_A_PERSON, OF_PEOPLE = "call", ("call", "visit")
DUTY_WAITS = 2 * 86_400
"""Seconds within which a person sees to a duty that no message could carry."""

KEPT = (
    "decision_id", "at", "subject", "treatment", "purpose", "policy", "step", "channel", "send_at", "use_by", "language", "tone",
    "lesson", "reasons", "blocked_by", "arm", "leaf", "propensity", "strategy_hash", "rules_hash", "tables_hash", "content_hash",
    "engine_version",
)  # fmt: skip
HASHES = ("strategy_hash", "rules_hash", "tables_hash", "content_hash")
Frames = Mapping[str, pl.LazyFrame]
Progress = Callable[[str], None]


def run_nightly(*, at: datetime, progress: Progress = lambda _: None, shadow: bool = False) -> Run:
    """Decide everybody as of a moment. In shadow nothing is handed on: the answer lies in the run's folder."""
    setup, started = live_setup(at), now()
    progress("reading what is new")
    book = mirrored(settings.DATA / "mirror", at=at)
    folder = settings.DATA / "runs" / f"{at:%Y-%m-%dT%H%M%SZ}-{'shadow' if shadow else 'nightly'}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    done = decide_book(book, setup, int(at.timestamp()), folder, progress=progress)
    frames: Frames = {part: done.lazy(part).to_native() for part in PARTS}
    return _kept("shadow" if shadow else "nightly", frames, at=at, started=started, folder=folder)


def run_events(*, at: datetime) -> Run | None:
    """Decide the people whose facts changed since they were last looked at; at most 500, the longest waiting first."""
    waiting = list(Changed.objects.order_by("at", "person_id")[:BATCH])
    if not waiting:
        return None
    setup, started = live_setup(at), now()
    moment = int(at.timestamp())
    made = setup.prepared(moment).run(known_about((it.person_id for it in waiting), at), moment)
    asked = [it.person_id for it in waiting]
    decisions = in_polars(made.decisions).filter(pl.col("borrower_id").is_in(asked))
    frames: Frames = {
        "decisions": decisions.lazy(), "topics": in_polars(made.topics).lazy(), "offers": in_polars(made.offers).lazy()
    }  # fmt: skip
    folder = settings.DATA / "runs" / f"{at:%Y-%m-%d}-events"
    run = _kept("event", frames, at=at, started=started, folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    decisions.write_parquet(folder / f"{run.pk:012}.parquet")
    for it in waiting:  # whoever changed again meanwhile stays in line
        Changed.objects.filter(person_id=it.person_id, at__lte=int(it.at.timestamp())).delete()
    return run


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
        Decision.objects.bulk_create(_rows(run, frames), batch_size=BATCH, ignore_conflicts=True)
    return run


def _said_before(night: datetime, decisions: pl.LazyFrame) -> pl.LazyFrame:
    """What is said today, and what waits for a moment that comes before the next night: in the west tomorrow has begun by then."""
    soon = (pl.col("treatment") == WAIT) & (pl.col("send_at") < int(night.timestamp()))
    by_person = pl.col("channel").is_in(OF_PEOPLE)
    said = pl.when(by_person).then(pl.lit("human")).otherwise(pl.lit("contact"))
    said = pl.when(soon).then(said).otherwise(pl.col("treatment"))
    return decisions.with_columns(treatment=said).filter(pl.col("treatment").is_in(SPOKEN))


def _rows(run: Run, frames: Frames) -> Iterable[Decision]:
    spoken = _said_before(night_after(run.at), frames["decisions"])
    # A duty for which no channel or no moment was found goes to a person, today.
    spoken = spoken.with_columns(
        channel=pl.when(pl.col("treatment") != "human")
        .then(pl.col("channel"))
        .when(pl.col("channel").is_in(OF_PEOPLE))
        .then(pl.col("channel"))
        .otherwise(pl.lit(BY_A_PERSON)),
        send_at=pl.col("send_at").fill_null(pl.col("at")),
        use_by=pl.col("use_by").fill_null(pl.col("at") + DUTY_WAITS),
    )
    topics = frames["topics"].sort("decision_id", "is_main", "subject", descending=[False, True, False])
    told = topics.group_by("decision_id", maintain_order=True).agg(
        topics=pl.concat_list("subject", "occasion")
    )
    offers = frames["offers"].sort("decision_id", "place")
    offered = offers.group_by("decision_id", maintain_order=True).agg(offers=pl.col("offer"))
    rows = spoken.join(told, on="decision_id", how="left").join(offered, on="decision_id", how="left")
    for row in rows.collect().iter_rows(named=True):
        texts = {name: row[name] if row[name] is not None else "" for name in KEPT}
        texts["propensity"] = row["propensity"]
        yield Decision(
            run=run,
            person_id=row["borrower_id"],
            topics=row["topics"] or [],
            offers=row["offers"] or [],
            **texts,
        )
