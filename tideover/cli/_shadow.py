"""tideover shadow: today's contact list of another system beside our decisions. Sends nothing."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tideover.cli._given import OutOption, StrategyOption, moment, opened, overlay, place_of_answer, setup_for
from tideover.cli._live import set_up
from tideover.engine.decision.setup import Setup
from tideover.engine.decision.whole_book import decide_book
from tideover.engine.facts.written import in_polars
from tideover.engine.measure import Beside, beside, read_list, write_differences, write_shadow_page
from tideover.engine.measure.words import Words

ListOption = Annotated[
    Path,
    typer.Option("--list", help="Their list of today, CSV or XLSX: person or loan, channel, purpose, time."),
]
BookOption = Annotated[
    str | None,
    typer.Option(
        "--book", help="Folder of a book, or the address of a database; else TIDEOVER_DATABASE_URL."
    ),
]
AtOption = Annotated[
    str | None, typer.Option("--at", help="Moment: 2026-11-20T08:00Z; a day alone means 06:00 UTC; else now.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(shadow)


def shadow(
    theirs: ListOption,
    out: OutOption,
    at: AtOption = None,
    book: BookOption = None,
    strategy: StrategyOption = None,
) -> None:
    """Decide everybody, compare with the list of today's system, and report every difference. Sends nothing."""
    instant = moment(at) if at else int(datetime.now(UTC).timestamp())
    if book is None or "://" in book:
        found, setup = _of_database(theirs, book, instant)
    else:
        found, setup = _of_folder(theirs, book, out, instant, strategy)
    write_differences(found, out)
    words = Words.of(setup.strategy.lists, setup.rules)
    page = write_shadow_page(found, words, out / "report.html")
    for kind, many in found.differences["kind"].value_counts().sort("kind").iter_rows():
        typer.echo(f"{kind.replace('_', ' '):16} {many:>9,}")
    typer.echo(f"{'forbidden':16} {found.forbidden.height:>9,}")
    typer.echo(f"{'set aside':16} {found.set_aside.height:>9,}")
    typer.echo(f"Nothing was sent. The report is in {page}; every difference in {out / 'differences.csv'}.")


def _of_folder(theirs: Path, folder: str, out: Path, at: int, strategy: str | None) -> tuple[Beside, Setup]:
    known = opened(Path(folder))
    setup = setup_for(known, strategy)
    rows = read_list(theirs, setup, overlay())
    run = decide_book(known, setup, at, place_of_answer(out / "ours", folder), progress=_tell)
    return beside(rows, in_polars(run.lazy("decisions")), known, setup, at, progress=_tell), setup


def _of_database(theirs: Path, address: str | None, at: int) -> tuple[Beside, Setup]:
    if address:
        os.environ["TIDEOVER_DATABASE_URL"] = address
    set_up()
    from tideover.strategy.shadow import shadow_day  # noqa: PLC0415 - needs Django

    return shadow_day(theirs, at=datetime.fromtimestamp(at, UTC), progress=_tell)


def _tell(said: str) -> None:
    typer.echo(f"  {said}", err=True)
