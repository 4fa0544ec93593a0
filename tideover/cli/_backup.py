"""tideover backup, restored: a copy of the database while it works, and what is done after one was put in its place."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from tideover.cli._live import set_up
from tideover.kit.errors import Refused


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(backup)
    app.command()(restored)


def backup(file: Annotated[Path, typer.Argument(help="The copy; it must not be there yet.")]) -> None:
    """Copy an SQLite database while everything works. PostgreSQL has its own: pg_dump."""
    set_up()
    from django.conf import settings  # noqa: PLC0415

    database = settings.DATABASES["default"]
    if not str(database["ENGINE"]).endswith("sqlite3"):
        raise Refused(
            "This database is PostgreSQL: copy it with pg_dump --format=custom, see how to restore a backup."
        )
    live_at = Path(str(database["NAME"]))
    if file.exists():
        raise Refused(f"'{file}' is there already; a backup is never written over.")
    if not live_at.is_file():
        raise Refused(f"There is no database at '{live_at}' yet.")
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(live_at, timeout=60)) as live:
        live.execute("VACUUM INTO ?", (str(part),))
    with closing(sqlite3.connect(part)) as copy:
        (said,) = copy.execute("PRAGMA integrity_check").fetchone()
    if said != "ok":
        raise Refused(f"The copy is damaged: {said}. The database itself may be.")
    _on_disk(part)
    part.rename(file)
    _on_disk(file.parent)
    typer.echo(
        f"The backup is in {file}. Keep TIDEOVER_DATA/journal and the secret key elsewhere, and never restore them with it."
    )


def restored() -> None:
    """Say that a backup was put in place: nothing leaves until two people agree, and who was erased since goes again."""
    set_up()
    from tideover.access.clock import now  # noqa: PLC0415
    from tideover.delivery.privacy.again import erase_again  # noqa: PLC0415
    from tideover.delivery.restored import look  # noqa: PLC0415
    from tideover.strategy.stops import RESTORED, press  # noqa: PLC0415

    at = now()
    press(scope=RESTORED, by="operator", at=at, why="a backup was restored")
    held, again = look(at=at), erase_again(at=at)
    # A worker that came first has counted them already.
    typer.echo(f"Messages that left since the backup and count as sent from now on: {held:,}.")
    typer.echo("Nothing leaves until two people agree.")
    if again.erased:
        typer.echo(f"{again.erased:,} people who had been erased were erased again.")
    if again.not_yet:
        typer.echo(f"Still to be erased, once what is open about them ends: {', '.join(again.not_yet)}")


def _on_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
