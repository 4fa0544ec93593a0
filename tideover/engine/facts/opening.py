"""open_book: a book on disk, or a folder of plain files that becomes one first."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from .books import Book
from .quality import NAME as REPORT
from .raw import raw_frames, unused_files
from .refusals import BookRefused, explained
from .shelves import Shelf
from .sources import Engine, engine_named
from .stamp import NAME as STAMP
from .stamp import check_sizes, read_stamp
from .writing import write_book


def open_book(path: Path | str, engine: str = "polars", session: object = None) -> Book:
    """The book in that folder, read by that engine; `session` is a DuckDB connection or Spark session to use.

    A folder of plain files (loans.csv ...) is checked and made into a temporary book first, which lasts until the
    process ends; its `quality` says what was found. Files that are refused leave their rows where the refusal says.
    """
    folder, opened_by = Path(path), engine_named(engine, session)
    if (folder / STAMP).is_file():
        return _open_stamped(folder, opened_by)
    if not folder.is_dir():
        raise BookRefused(
            explained(
                "There is no book.",
                where=str(folder),
                expected="a folder with book.yaml, or with files such as loans.csv",
                do="check the path",
            )
        )
    if (folder / REPORT).is_file():
        raise BookRefused(
            explained(
                "This book was refused when it was imported.",
                where=f"{folder / REPORT} says why",
                expected="a book that was accepted",
                do="mend the export and import it again",
            )
        )
    return _open_raw(folder, opened_by)


def _open_stamped(folder: Path, engine: Engine) -> Book:
    stamp = read_stamp(folder)
    check_sizes(folder, stamp)
    shelf = Shelf(folder, stamp)
    shelf.check()
    return Book(shelf, engine)


def _open_raw(folder: Path, engine: Engine) -> Book:
    # Frames outlive the Book they came from, so the files stay until the process ends.
    place = Path(tempfile.mkdtemp(prefix="tideover-"))
    atexit.register(_clear, place)
    made = place / "book"
    quality = write_book(raw_frames(folder), made, source=folder.name, assumes={})
    quality.model_copy(update={"notes": unused_files(folder)}).write(made)
    return Book(Shelf(made, read_stamp(made)), engine)


def _clear(place: Path) -> None:
    """Remove a temporary book; what was refused lies beside it and stays, for the person told to look at it."""
    shutil.rmtree(place / "book", ignore_errors=True)
    with suppress(OSError):
        place.rmdir()
