"""tideover take-statement: what the bank tells, read into the book and the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tideover.cli._live import set_up
from tideover.kit.errors import Refused


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("take-statement")(take)


def take(
    files: Annotated[
        list[Path], typer.Argument(help="Statements: camt.052, .053, .054, MT940, MT942, OFX, or a table.")
    ],
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="Which column of a table is what, a file of YAML.")
    ] = None,
    currency: Annotated[
        str, typer.Option("--currency", help="Currency of a file that names none, EUR.")
    ] = "",
) -> None:
    """Read statements of banks; the same line is never counted twice. Exit code 2 where a file could not be read."""
    set_up()
    from tideover.access.clock import now  # noqa: PLC0415
    from tideover.repayment.statements.reading import read_columns  # noqa: PLC0415
    from tideover.repayment.statements.taking import summary, take_statement  # noqa: PLC0415

    columns, refused = read_columns(mapping) if mapping else None, 0
    for path in files:
        try:
            done = take_statement(path, at=now(), columns=columns, currency=currency.upper(), progress=_tell)
        except Refused as why:
            typer.echo(f"{path.name}: {why}", err=True)
            refused += 1
            continue
        typer.echo(f"{path.name}: {summary(done)}.")
        for doubt in done.doubts[:20]:
            typer.echo(f"  {doubt}")
    if refused:
        raise Refused(f"{refused} of {len(files)} files were not read.")


def _tell(lines: int) -> None:
    if lines % 50_000 == 0:
        typer.echo(f"  {lines:,} lines", err=True)
