"""Options that several commands share, and how a moment is written."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from tideover.engine.decision.setup import DEFAULT_STRATEGY, Setup, read_setup
from tideover.engine.facts import Book, open_book
from tideover.kit.errors import Refused

MORNING = time(6, tzinfo=UTC)

BookOption = Annotated[
    Path, typer.Option("--book", help="Folder of a book, or of plain files such as loans.csv.")
]
AtOption = Annotated[
    str, typer.Option("--at", help="Moment: 2026-11-20T08:00Z; a day alone means 06:00 UTC.")
]
StrategyOption = Annotated[str, typer.Option("--strategy", help="Name of a strategy, or its folder.")]
TablesOption = Annotated[
    Path | None, typer.Option("--tables", help="Folder of published tables; else the shipped ones.")
]
EngineOption = Annotated[str, typer.Option("--engine", help="polars, duckdb or spark.")]
OutOption = Annotated[Path, typer.Option("--out", help="Folder to write to.")]


def moment(text: str) -> int:
    """Epoch seconds of a moment as a person writes it. Raises Refused."""
    try:
        if len(text) == 10:
            return int(datetime.combine(date.fromisoformat(text), MORNING).timestamp())
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise Refused(
            f"'{text}' is not a moment. Write a day, 2026-11-20, or an instant, 2026-11-20T08:00Z."
        ) from None
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def overlay() -> Path | None:
    """The lender's own content, from TIDEOVER_CONTENT."""
    given = os.environ.get("TIDEOVER_CONTENT")
    if not given:
        return None
    if not Path(given).is_dir():
        raise Refused(f"TIDEOVER_CONTENT names {given}, which is not a folder.")
    return Path(given)


def setup_for(book: Book, strategy: str = DEFAULT_STRATEGY, tables: Path | None = None) -> Setup:
    """The setup that goes with a book: the lender acts as its `lender` table says, else as a creditor."""
    return read_setup(strategy, tables=tables, overlay=overlay(), acts_as=acts_as(book))


def acts_as(book: Book) -> str:
    """Creditor or agent, from the book."""
    rows = book.frame("lender").select("acts_as").collect().get_column("acts_as").to_list()
    return "agent" if "agent" in rows else "creditor"


def opened(path: Path, engine: str = "polars") -> Book:
    """The book, with what it lacks said once on standard error."""
    book = open_book(path, engine)
    for table, cost in book.missing.items():
        if cost:
            typer.echo(f"  no {table}: {cost}", err=True)
    if book.assumes:
        typer.echo(f"  assumed, and marked in every reason: {', '.join(book.assumes)}", err=True)
    return book
