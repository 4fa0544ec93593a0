"""What decisions came to: sums, trials of a strategy, the page of a day, published tables."""

from __future__ import annotations

from pathlib import Path

from tideover.engine.decision.setup import Setup
from tideover.engine.decision.whole_book import Run
from tideover.engine.facts import Book
from tideover.engine.measure.page import page
from tideover.engine.measure.report import Report
from tideover.engine.measure.simulate import simulate
from tideover.engine.measure.summary import Summary, summary
from tideover.engine.measure.today import day_report
from tideover.engine.measure.words import Words


def day_page(run: Run, book: Book, setup: Setup, path: Path) -> Path:
    """The page of one day's run, written to `path`."""
    words = Words.of(setup.strategy.lists, setup.rules)
    parts = (run.lazy(part) for part in ("decisions", "topics", "offers"))
    return write_page(day_report(*parts, book=book, strategy=setup.strategy.name, words=words), words, path)


def write_page(report: Report, words: Words, path: Path) -> Path:
    """A report as one self-contained page."""
    path.write_text(page(report, words), "utf-8")
    return path


__all__ = ["Report", "Summary", "Words", "day_page", "day_report", "page", "simulate", "summary", "write_page"]
