"""Options that several commands share, and how a moment is written."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from tideover.cli._database import is_address, mirror_of, setup_of
from tideover.engine.decision.setup import DEFAULT_STRATEGY, Setup, read_setup
from tideover.engine.facts import Book, open_book
from tideover.kit.errors import Refused

MORNING = time(6, tzinfo=UTC)

BookOption = Annotated[
    str,
    typer.Option(
        "--book",
        help="Folder of a book, or of plain files such as loans.csv; or the address of a database, "
        "sqlite:///FILE or postgresql://USER@HOST/NAME.",
    ),
]
AtOption = Annotated[
    str, typer.Option("--at", help="Moment: 2026-11-20T08:00Z; a day alone means 06:00 UTC.")
]
StrategyOption = Annotated[
    str | None,
    typer.Option(
        "--strategy", help="Name of a strategy, or its folder; else the one live in a database, or everyday."
    ),
]
TablesOption = Annotated[
    Path | None, typer.Option("--tables", help="Folder of published tables; else the shipped ones.")
]
EngineOption = Annotated[str, typer.Option("--engine", help="polars, duckdb or spark.")]
OutOption = Annotated[Path, typer.Option("--out", help="Folder to write to.")]


def moment(text: str) -> int:
    """Epoch seconds of a moment as a person writes it. Raises Refused."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(
            f"'{text}' is not a moment. Write a day, 2026-11-20, or an instant, 2026-11-20T08:00Z."
        ) from None
    if _is_day(text):
        at = datetime.combine(at.date(), MORNING)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def day_given(text: str) -> date:
    """A day as a person writes it. Raises Refused."""
    if not _is_day(text):
        raise Refused(f"'{text}' is not a day; write it as 2026-11-20.")
    return date.fromisoformat(text)


def overlay() -> Path | None:
    """The lender's own content, from TIDEOVER_CONTENT."""
    given = os.environ.get("TIDEOVER_CONTENT")
    return content_folder(Path(given), "TIDEOVER_CONTENT") if given else None


def content_folder(path: Path, named_by: str) -> Path:
    """The folder itself. Raises Refused when there is none, for then nothing of the lender's would be read."""
    if not path.is_dir():
        raise Refused(f"{named_by} names {path}, which is not a folder.")
    return path


def place_of_answer(out: Path, book: str) -> Path:
    """Where an answer may go: it replaces an earlier answer and nothing else. Raises Refused."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return out
    if out.is_dir() and (out / "run.json").is_file() and out.resolve() != Path(book).resolve():
        return out
    raise Refused(
        f"{out} is in the way: an answer is written to a new folder, an empty one, or over an earlier answer. "
        "Nothing was changed; choose another --out."
    )


def place_of_sheet(path: Path | None) -> None:
    """Refuse a spreadsheet that could not be written, before anything is decided."""
    if path is None:
        return
    if path.suffix.lower() != ".xlsx":
        raise Refused(f"{path} is not the name of a spreadsheet; let it end in .xlsx.")
    if not path.parent.is_dir() or path.is_dir():
        raise Refused(f"{path} cannot be written: it must be a file in a folder that is there.")


def setup_for(
    book: Book, strategy: str | None = None, tables: Path | None = None, *, named: str = ""
) -> Setup:
    """The setup that goes with a book: the lender acts as its `lender` table says, else as a creditor.

    `named`: how the book was named; that of a database decides by what is live there.
    """
    if is_address(named):
        return setup_of(named, strategy, tables)
    return read_setup(strategy or DEFAULT_STRATEGY, tables=tables, overlay=overlay(), acts_as=acts_as(book))


def acts_as(book: Book) -> str:
    """Creditor or agent, from the book."""
    rows = book.frame("lender").select("acts_as").collect().get_column("acts_as").to_list()
    return "agent" if "agent" in rows else "creditor"


def opened(path: str | Path, engine: str = "polars") -> Book:
    """The book, with what it lacks said once on standard error."""
    book = mirror_of(str(path), engine) if is_address(str(path)) else open_book(Path(path), engine)
    for sentence in _found_on_import(book):
        typer.echo(f"  {sentence}", err=True)
    if book.assumes:
        typer.echo(f"  assumed, and marked in every reason: {', '.join(book.assumes)}", err=True)
    return book


def _found_on_import(book: Book) -> list[str]:
    try:
        return book.quality.said()
    except ValueError:
        raise Refused(
            f"{book.shelf.folder / 'quality.json'} is damaged; copy the book again, or import it again."
        ) from None
