"""tideover make-book, tideover import."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from tideover.cli._given import OutOption, day_given
from tideover.cli._live import set_up
from tideover.engine.facts import open_book
from tideover.engine.facts.made_up import DAY_OF_THE_BOOK, make_book
from tideover.engine.facts.mapping import import_source
from tideover.engine.facts.spreadsheet import SPREADSHEET, import_guided
from tideover.kit.errors import Refused

LASTS = timedelta(minutes=30)
"""Longer than one table of a book takes to come in; said anew with each."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("make-book")(make)
    app.command("import")(import_files)


def make(
    out: OutOption,
    borrowers: Annotated[int, typer.Option("--borrowers", min=1, help="How many people.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same book.")] = 1,
    at: Annotated[str, typer.Option("--at", help="The day of the book.")] = DAY_OF_THE_BOOK.isoformat(),
    history: Annotated[
        bool, typer.Option("--history", help="Also write every version, for replay and trials.")
    ] = False,
) -> None:
    """Make up a realistic book, to try things on."""
    path = make_book(borrowers, seed, out, at=day_given(at), history=history, progress=_tell)
    typer.echo(f"A made-up book of {borrowers:,} people is in {path}.")


def _tell(step: str, done: int, of: int) -> None:
    if done in {0, of}:
        typer.echo(f"  {step}", err=True)


def import_files(
    name: Annotated[
        str, typer.Argument(help="A known source, a mapping file of your own, or 'spreadsheet'.")
    ],
    files: Annotated[list[Path], typer.Argument(help="The files, or a folder that holds them.")],
    out: Annotated[str, typer.Option("--out", help="Folder to write to, or the address of a database.")],
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="Confirmed columns of a spreadsheet.")
    ] = None,
    known_on: Annotated[
        str | None,
        typer.Option(
            "--known-on", help="Day up to which a spreadsheet is complete; else the day it was saved."
        ),
    ] = None,
    country: Annotated[
        str | None, typer.Option("--country", help="Country of a spreadsheet's people, LV; else guessed.")
    ] = None,
    currency: Annotated[
        str | None, typer.Option("--currency", help="Currency of a spreadsheet's amounts, EUR; else guessed.")
    ] = None,
) -> None:
    """Import a real book by a declarative mapping; rows that cannot be used are set aside and counted."""
    if "://" in out:
        with tempfile.TemporaryDirectory(prefix="tideover-import-") as place:
            book = Path(place) / "book"
            import_files(name, files, str(book), mapping, known_on, country, currency)
            into_database(book, out, Path(name).stem)
        return
    if name == SPREADSHEET:
        day = day_given(known_on) if known_on else None
        typer.echo(import_guided(files, Path(out), mapping, known_on=day, country=country, currency=currency))
        return
    if mapping or known_on or country or currency:
        raise Refused(
            "--mapping, --known-on, --country and --currency go with `tideover import spreadsheet`; the mapping of "
            "any other source says these itself."
        )
    summary = import_source(name, files, Path(out), progress=lambda said: typer.echo(f"  {said}", err=True))
    typer.echo(summary.as_text())
    typer.echo(f"The book is in {out}.")


def into_database(folder: Path, address: str, source: str) -> None:
    """The rows of a book that the database does not have yet. Nobody is erased meanwhile: she would come in again behind it."""
    os.environ["TIDEOVER_DATABASE_URL"] = address
    set_up()
    from tideover.access.clock import now  # noqa: PLC0415 - needs Django
    from tideover.strategy.leases import IMPORT, Held, held, leased  # noqa: PLC0415

    by = f"import:{socket.gethostname()}"

    def step(name: str, *_: int) -> None:
        if not leased(IMPORT, by=by, at=now(), lasts=LASTS):
            raise Held("Somebody is being erased. The import stopped halfway; run it again in a few minutes.")
        typer.echo(f"  {name}", err=True)

    with held(IMPORT, by=by, at=now(), lasts=LASTS):
        _taken_in(folder, source, step)


def _taken_in(folder: Path, source: str, step: Callable[[str, int, int], None]) -> None:
    from tideover.access.clock import now  # noqa: PLC0415 - needs Django
    from tideover.book.beside import check_beside, take_beside, words_missing  # noqa: PLC0415
    from tideover.book.importing import ERASED, TOLD_DIFFERENTLY, import_book  # noqa: PLC0415
    from tideover.delivery.privacy.journal import come_back, was_erased  # noqa: PLC0415
    from tideover.repayment.ledger.taking_up import look_again, newest_numbers  # noqa: PLC0415
    from tideover.strategy.telling import words  # noqa: PLC0415

    check_beside(folder)
    before = newest_numbers()
    done = import_book(
        open_book(folder),
        source=source,
        at=now(),
        who_is_out=was_erased,
        progress=step,
    )
    look_again(before)
    typer.echo(f"{sum(done.added.values()):,} of {sum(done.seen.values()):,} rows were new to the database.")
    if otherwise := {
        name: it[TOLD_DIFFERENTLY] for name, it in done.set_aside.items() if TOLD_DIFFERENTLY in it
    }:
        typer.echo(
            "Set aside, for they say otherwise than what became known since, as an older file does: "
            + ", ".join(f"{rows:,} of {name}" for name, rows in otherwise.items())
            + "."
        )
    if aside := sum(reasons.get(ERASED, 0) for reasons in done.set_aside.values()):
        typer.echo(f"{aside:,} rows lead to people who were erased here; they were set aside and not kept.")
    if back := come_back():
        typer.echo(
            f"{len(back)} people who were erased came back with it; erase them again: {', '.join(back[:20])}"
        )
    kinds = {name: it.address for name, it in words().lists.channels.items()}
    for name, taken in take_beside(folder, address_kinds=kinds, at=now()).items():
        typer.echo(f"{name}: {taken.added:,} of {taken.seen:,} rows were new.")
        for because, rows in taken.set_aside.items():
            if rows:
                typer.echo(f"{name}: {rows:,} set aside. {because}")
    if without := words_missing():
        typer.echo(
            f"{without:,} consents name words that are not here, so nobody could prove them. Bring the words as "
            "'consent_words' beside the book."
        )
