"""The report of one run of `decide`: the same values as a trial has, for one day and one strategy."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from tideover.engine.facts import Book
from tideover.engine.measure.cells import count
from tideover.engine.measure.report import Report, Side, Story
from tideover.engine.measure.sampling import WHOLE
from tideover.engine.measure.stories import Row, Teller
from tideover.engine.measure.summary import offers_counted, topics_counted
from tideover.engine.measure.words import Words

HASHES = ("strategy_hash", "rules_hash", "tables_hash")
KINDS: tuple[tuple[str, nw.Expr, int], ...] = (
    ("a person calls", nw.col("treatment") == "human", 4),
    ("a message leaves today", nw.col("treatment") == "contact", 6),
    ("a rule, hold or wish stands in the way", ~(nw.col("blocked_by").fill_null("") == ""), 4),
    ("a better moment comes", nw.col("treatment") == "wait", 3),
    ("left in peace", nw.col("treatment") == "none", 3),
)
"""Whom to tell of, and how many; within a kind the seed decides, never the order."""


def day_report(
    decisions: nw.LazyFrame,
    topics: nw.LazyFrame,
    offers: nw.LazyFrame,
    *,
    book: Book,
    strategy: str,
    words: Words,
) -> Report:
    """Everything the page of a day says. Frames and book may be on any one engine; only sums and twenty rows come back."""
    cells = count(decisions)
    people = sum(cell.rows for cell in cells)
    spoken = sum(cell.rows for cell in cells if cell.treatment in ("contact", "human"))
    hashes = decisions.select(*(nw.col(name).max() for name in HASHES)).collect().rows(named=True)[0]
    side = Side(
        strategy,
        **{name: str(value or "") for name, value in hashes.items()},
        cells=cells,
        people=people,
        frequency={0: people - spoken, 1: spoken},
        topics=topics_counted(topics),
        offers=offers_counted(offers),
    )
    stamp = book.stamp
    return Report(
        source=stamp.source,
        moments=cells.moments,
        people=people,
        of=people,
        share=WHOLE,
        sides=(side,),
        stories=_stories(decisions, book, strategy, words),
        assumes=book.assumes,
        missing=book.missing,
        known_until=max(stamp.latest_recorded_at.values(), default=None),
        currency=stamp.currency,
    )


def _stories(decisions: nw.LazyFrame, book: Book, strategy: str, words: Words) -> tuple[Story, ...]:
    beside = book.frame("borrowers").select("borrower_id", "seed", "timezone")
    rows = decisions.join(beside, on="borrower_id", how="left")
    chosen: dict[str, tuple[str, Row]] = {}
    for why, condition, most in KINDS:
        for row in _drawn(rows.filter(condition), len(chosen) + most):
            fresh = sum(1 for reason, _ in chosen.values() if reason == why) < most
            if fresh and row["borrower_id"] not in chosen:
                chosen[str(row["borrower_id"])] = (why, row)
    teller = Teller(words, {name: str(row["timezone"] or "") for name, (_, row) in chosen.items()})
    return tuple(teller.story(name, why, {strategy: [row]}) for name, (why, row) in chosen.items())


def _drawn(rows: nw.LazyFrame, number: int) -> Sequence[Row]:
    found: Sequence[Row] = rows.sort("seed", "borrower_id").head(number).collect().rows(named=True)
    return found
