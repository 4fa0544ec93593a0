"""tideover take-payments: what a network of agents or a payroll tells of payments, read into the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tideover.cli._live import set_up
from tideover.kit.errors import Refused


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("take-payments")(take)


def take(
    files: Annotated[list[Path], typer.Argument(help="Tables of payments, one row each.")],
    mapping: Annotated[
        str,
        typer.Option("--from", help="Whose files: the name of a mapping in payment_files/ of the content."),
    ] = "agent_network",
) -> None:
    """Book files of networks and payrolls; the same row is never counted twice. Exit code 2 where a file could not be read."""
    set_up()
    from tideover.access.actors import SYSTEM  # noqa: PLC0415
    from tideover.access.clock import now  # noqa: PLC0415
    from tideover.repayment.ways.files import take_file  # noqa: PLC0415
    from tideover.repayment.ways.models import PaymentFile  # noqa: PLC0415
    from tideover.repayment.ways.taken_files import rows_aside  # noqa: PLC0415

    refused = 0
    for path in files:
        try:
            done = take_file(mapping=mapping, data=_read(path), by=SYSTEM, at=now())
        except Refused as why:
            typer.echo(f"{path.name}: {why}", err=True)
            refused += 1
            continue
        typer.echo(f"{path.name}: {done.summary}.")
        for it in rows_aside(PaymentFile.objects.get(pk=done.file))[:20]:
            typer.echo(f"  row {it.row}: {it.why}")
    if refused:
        raise Refused(f"{refused} of {len(files)} files were not read.")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"It cannot be read: {error.strerror}.") from None
