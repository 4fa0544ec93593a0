"""tideover simulate: a strategy tried on the lender's own book before it is published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tideover.cli._given import BookOption, OutOption, TablesOption, moment, opened, setup_for
from tideover.engine.measure import simulate as try_out
from tideover.engine.measure import write_page
from tideover.engine.measure.words import Words
from tideover.kit.errors import Refused


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(simulate)


def simulate(
    book: BookOption,
    strategy: Annotated[str, typer.Option("--strategy", help="The strategy to try.")],
    start: Annotated[str, typer.Option("--from", help="First day.")],
    until: Annotated[str, typer.Option("--to", help="Last day.")],
    out: OutOption,
    against: Annotated[str | None, typer.Option("--against", help="The strategy to compare with.")] = None,
    sample: Annotated[float, typer.Option("--sample", help="Share of the people, drawn by seed.")] = 0.1,
    everybody: Annotated[bool, typer.Option("--all", help="Everybody, not a sample.")] = False,
    tables: TablesOption = None,
) -> None:
    """Decide every day from --from to --to under one or two strategies; write the report. Sends nothing."""
    known = opened(book)
    names = [*([against] if against else []), strategy]
    setups = {
        it: setup_for(known, name, tables, named=book) for it, name in zip(_called(names), names, strict=True)
    }
    *_, newest = setups.values()
    words = Words.of(newest.strategy.lists, newest.rules)
    report = try_out(
        known,
        {name: setup.plan for name, setup in setups.items()},
        moment(start),
        moment(until),
        out=out,
        words=words,
        sample=1.0 if everybody else sample,
        progress=lambda said: typer.echo(f"  {said}", err=True),
    )
    typer.echo(f"The report is in {write_page(report, words, out / 'report.html')}.")


def _called(names: list[str]) -> list[str]:
    """What each strategy is called in the report: its folder, and the folder around it where two are named alike."""
    for parts in (1, 2, 3):
        called = ["-".join(Path(name).resolve().parts[-parts:]) for name in names]
        if len(set(called)) == len(names):
            return called
    raise Refused(
        f"{names[0]} would be compared with itself. Name another strategy with --against, or leave it out."
    )
