"""tideover decide, tideover tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tideover.cli._given import (
    AtOption,
    BookOption,
    EngineOption,
    OutOption,
    StrategyOption,
    TablesOption,
    moment,
    opened,
    place_of_answer,
    place_of_sheet,
    setup_for,
)
from tideover.engine.decision.whole_book import decide_book
from tideover.engine.facts.spreadsheet import write_todays_list
from tideover.engine.measure import day_page, summary

console = Console(stderr=True)
ListOption = Annotated[
    Path | None, typer.Option("--list", help="Also write today's list as a spreadsheet (XLSX).")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(decide)


def decide(
    book: BookOption,
    at: AtOption,
    out: OutOption,
    strategy: StrategyOption = None,
    tables: TablesOption = None,
    engine: EngineOption = "polars",
    spreadsheet: ListOption = None,
) -> None:
    """Decide every borrower of a book as of a moment; write decisions, topics and offers as Parquet."""
    instant = moment(at)
    place_of_answer(out, book)
    place_of_sheet(spreadsheet)
    known = opened(book, engine)
    setup = setup_for(known, strategy, tables, named=book)
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console
    ) as shown:
        task = shown.add_task("reading")
        run = decide_book(
            known, setup, instant, out, progress=lambda step: shown.update(task, description=step)
        )
    typer.echo(summary(run.lazy("decisions"), run.lazy("topics"), run.lazy("offers")).as_text())
    page = day_page(run, known, setup, out / "report.html")
    if spreadsheet:
        names = Path(book) / "people.parquet"
        write_todays_list(run.frame("decisions"), names if names.exists() else None, spreadsheet)
        typer.echo(f"Today's list is in {spreadsheet}.")
    typer.echo(f"Everything is in {out}; the page to look at is {page}.")
