"""tideover tables: what is learned over many people, frozen so that one person can be compared with it."""

from __future__ import annotations

from typing import Annotated

import typer

from tideover.cli._given import AtOption, BookOption, OutOption, moment, opened, setup_for
from tideover.engine.measure import publish_tables
from tideover.kit.errors import Refused

CallsOption = Annotated[
    list[str] | None,
    typer.Option("--calls", help="Calls a team can make in a day: TEAM=NUMBER. May be repeated."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(tables)


def tables(book: BookOption, at: AtOption, out: OutOption, calls: CallsOption = None) -> None:
    """Publish tables learned from a book: weights by segment, and the cut-off for scarce calls by team."""
    known = opened(book)
    made = publish_tables(
        known,
        moment(at),
        setup_for(known, named=book),
        calls_a_day=dict(_team(it) for it in calls) if calls else None,
        progress=lambda said: typer.echo(f"  {said}", err=True),
    )
    path = made.save(out)
    typer.echo(f"Tables {made.hash[:12]} are in {path}. Decide with them: --tables {out}")


def _team(text: str) -> tuple[str, int]:
    team, _, number = text.rpartition("=")
    if not team or not number.isdigit():
        raise Refused(f"'{text}' is not TEAM=NUMBER, such as riga=40.")
    return team, int(number)
