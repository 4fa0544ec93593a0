"""The report of a night in numbers: made when somebody first asks for it, kept beside the run's answer. It names nobody."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.conf import settings

from tideover.engine.decision import whole_book
from tideover.engine.facts import open_book
from tideover.engine.measure import day_numbers_page
from tideover.kit.days import read_moment
from tideover.kit.errors import Refused
from tideover.strategy.models import Run
from tideover.strategy.releases import setup_of

PAGE = "numbers.html"


class NoReport(Refused):
    """What the run wrote is not on this machine, so there is nothing to report from."""


def report_of(run: Run) -> str:
    """The page as HTML. Raises NoReport."""
    folder = Path(run.folder)
    page, told = folder / PAGE, folder / "run.json"
    if not page.exists():
        if not told.exists():
            raise NoReport("The files of that night are not on this machine.")
        book = open_book(settings.DATA / "mirror" / "book")
        day_numbers_page(_as_written(folder, told), book, setup_of(run.strategy_hash), page)
    return page.read_text("utf-8")


def _as_written(folder: Path, told: Path) -> whole_book.Run:
    said = json.loads(told.read_text("utf-8"))
    lists = {name: tuple(value) for name, value in said.items() if isinstance(value, list)}
    known: dict[str, Any] = {
        it.name: {**said, **lists}[it.name] for it in fields(whole_book.Run) if it.name in said
    }
    return whole_book.Run(**{**known, "out": folder, "at": read_moment(said["at"])})
