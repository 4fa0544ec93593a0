"""Where the real files lie, and the books that are imported from them. None of them is in the repository."""

from functools import cache
from pathlib import Path

from tideover.engine.facts import Book, open_book
from tideover.engine.facts.mapping import import_source

SHARED = Path(__file__).parents[3] / "shared" / "data"
MOBILE, MONTHS, OCTOBER = "superlender_ng", "card_monthly_status", "uci_credit_default"
NAMES = (MOBILE, MONTHS, OCTOBER)


def files(name: str) -> Path:
    """The folder with the files of a source."""
    return SHARED / name


def present() -> bool:
    """Are all the sources here?"""
    return all(files(name).is_dir() for name in NAMES)


@cache
def book(name: str, place: Path) -> Book:
    """The book of a source, imported into a folder below `place` the first time it is asked for."""
    import_source(name, [files(name)], place / name)
    return open_book(place / name)
