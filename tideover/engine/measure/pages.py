"""Reports written as pages. Charts take a second to load, so they are loaded when a page is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tideover.engine.decision.setup import Setup
from tideover.engine.decision.whole_book import Run
from tideover.engine.facts import Book
from tideover.engine.facts.sources import PolarsEngine
from tideover.engine.measure.report import Report
from tideover.engine.measure.shadow import Beside
from tideover.engine.measure.today import day_report
from tideover.engine.measure.words import Words


def write_page(report: Report, words: Words, path: Path) -> Path:
    """Write the page of a report: one HTML file that needs nothing else."""
    from tideover.engine.measure.page import page  # noqa: PLC0415 - see above

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(report, words), "utf-8")
    return path


def day_page(run: Run, book: Book, setup: Setup, path: Path) -> Path:
    """Write the page of a run of `decide`: today's decisions, twenty people among them told in words."""
    return write_page(_of_day(run, book, setup), Words.of(setup.strategy.lists, setup.rules), path)


def day_numbers_page(run: Run, book: Book, setup: Setup, path: Path) -> Path:
    """The same page in numbers only: it names nobody, so whoever reads totals may read it."""
    words = Words.of(setup.strategy.lists, setup.rules)
    return write_page(_of_day(run, book, setup).naming_nobody(words.open_codes), words, path)


def _of_day(run: Run, book: Book, setup: Setup) -> Report:
    words = Words.of(setup.strategy.lists, setup.rules)
    frames = (run.lazy(part) for part in ("decisions", "topics", "offers"))
    # What was decided is read by Polars whichever engine decided it; so is the book it is joined with.
    known = replace(book.as_of(run.at), engine=PolarsEngine())
    return day_report(*frames, book=known, strategy=run.strategy, words=words)


def write_shadow_page(found: Beside, words: Words, path: Path) -> Path:
    """Write the page of a day of two systems."""
    from tideover.engine.measure.page.shadow import shadow_page  # noqa: PLC0415 - see above

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(shadow_page(found, words), "utf-8")
    return path
