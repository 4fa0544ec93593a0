"""What outlives an erasure: read from content, where a lender puts what the law of its country asks."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from tideover.engine.policy.content import ContentRefused, Problem, read_document, validated
from tideover.engine.policy.lists import Strict, find
from tideover.kit.days import add_months, date_of, day_of

FILE = "retention.yaml"


class Reference(Strict):
    """Where a law says it."""

    title: str
    href: str


class Duty(Strict):
    """Some tables that are kept, why and for how long."""

    tables: tuple[str, ...]
    says: str
    years: int
    reference: tuple[Reference, ...]
    status: Literal["law", "draft", "lender_default"]
    still_valid_on: date

    def until(self, at: date) -> date:
        """The day after which it goes too."""
        return date_of(add_months(day_of(at), 12 * self.years))


class _Retention(Strict):
    kept: tuple[Duty, ...]


def retention(overlay: Path | None = None) -> tuple[Duty, ...]:
    """The duties to keep, of the lender or as shipped. Raises ContentRefused."""
    problems: list[Problem] = []
    told = validated(read_document(find(FILE, overlay)), _Retention, problems)
    if problems or not isinstance(told, _Retention):
        raise ContentRefused(problems)
    return told.kept


def check_retention(today: date, overlay: Path | None = None) -> list[Problem]:
    """Duties to keep that were to be looked at again before today."""
    due = [it for it in retention(overlay) if it.still_valid_on < today]
    return [
        Problem(
            FILE,
            1,
            f"'{', '.join(it.tables)}' was to be looked at again by {it.still_valid_on}; confirm it and move the day",
        )
        for it in due
    ]
