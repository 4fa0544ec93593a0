"""tideover demo: a made-up book, today's decisions, and the page that shows them."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from tideover.cli._given import moment, opened, setup_for
from tideover.engine.decision.whole_book import decide_book
from tideover.engine.facts.made_up import DAY_OF_THE_BOOK, make_book
from tideover.engine.measure import day_page


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    borrowers: Annotated[int, typer.Option("--borrowers", min=1, help="How many people to make up.")] = 2000,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Open the page in a browser.")] = True,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write to; else TIDEOVER_DATA, else tideover-demo.")
    ] = None,
) -> None:
    """Make a book, decide it, and open the report. Nothing is sent to anybody."""
    place = out or Path(os.environ.get("TIDEOVER_DATA", "tideover-demo"))
    typer.echo(f"Making a book of {borrowers:,} people who do not exist ...")
    folder = make_book(borrowers, 1, place / "book", history=True)
    at = moment(DAY_OF_THE_BOOK.isoformat())
    known = opened(folder)
    setup = setup_for(known)
    typer.echo("Deciding who hears from the lender today ...")
    run = decide_book(known, setup, at, place / "today")
    page = day_page(run, known, setup, place / "today" / "report.html")
    typer.echo(f"The report: {page.resolve()}")
    if serve and not webbrowser.open(page.resolve().as_uri()):
        typer.echo("No browser was found here; open that file in one.")
