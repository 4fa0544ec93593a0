"""A book that is named by the address of its database: read as a mirror, decided by the strategy that is live there."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import typer

from tideover.cli._live import set_up
from tideover.engine.decision.decide import Facts
from tideover.engine.decision.published import load
from tideover.engine.decision.setup import Setup, read_setup
from tideover.engine.facts import Book, open_book
from tideover.kit.days import datetime_of
from tideover.kit.errors import Refused

SCHEMES = ("sqlite:", "postgres:", "postgresql:")


def is_address(book: str) -> bool:
    """Is it the address of a database, and not a folder?"""
    return book.startswith(SCHEMES)


@contextmanager
def _connected(address: str) -> Iterator[None]:
    """Django with that database. Raises Refused where it cannot be read."""
    file = address.removeprefix("sqlite:///")
    if address.startswith("sqlite:") and not Path(file).is_file():
        raise Refused(f"There is no database {file}; make one with `tideover migrate`, or name another.")
    os.environ["TIDEOVER_DATABASE_URL"] = address
    try:
        set_up()
    except ValueError as wrong:  # from the settings: an address that is none
        raise Refused(str(wrong)) from None
    from django.db import DatabaseError, connection  # noqa: PLC0415 - needs Django

    try:
        connection.ensure_connection()
        yield
    except DatabaseError as error:
        raise Refused(
            f"The database cannot be read ({type(error).__name__}). Is it there, and up to date (`tideover migrate`)?"
        ) from None


def mirror_of(address: str, engine: str) -> Book:
    """Everything the database knows now, as a book. It lies in a temporary folder that ends with the command."""
    folder = Path(tempfile.mkdtemp(prefix="tideover-mirror-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    typer.echo("  reading the database", err=True)
    with _connected(address):
        from tideover.access.clock import now  # noqa: PLC0415
        from tideover.book.mirror import mirrored_then  # noqa: PLC0415

        mirrored_then(folder, folder / "book", at=now())
    return open_book(folder / "book", engine)


def facts_about(address: str, person: str, at: int) -> Facts:
    """What the database knew at a moment about one person and everybody beside her."""
    with _connected(address):
        import narwhals as nw  # noqa: PLC0415

        from tideover.book.queries import assumed, known_about  # noqa: PLC0415
        from tideover.engine.facts.backends import PolarsBackend  # noqa: PLC0415

        tables = known_about([person], datetime_of(at))
        return Facts(
            lambda table: nw.from_native(tables[table].lazy()), PolarsBackend(), at, tuple(assumed())
        )


def setup_of(address: str, strategy: str | None, tables: Path | None) -> Setup:
    """The strategy that is live there, or the one that was named, as this installation acts."""
    with _connected(address):
        from django.conf import settings  # noqa: PLC0415

        from tideover.strategy.shares import in_force_or_asked_for  # noqa: PLC0415

        if strategy is not None:
            return read_setup(strategy, tables=tables, overlay=settings.CONTENT, acts_as=settings.ACTS_AS)
        live = in_force_or_asked_for().main
    if tables is None:
        return live
    return replace(live, published=load(tables), _plans={}, _prepared={}, _gates={})
