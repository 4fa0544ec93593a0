"""tideover demo: people who do not exist, a day of messages to them, and the pages that show it."""

from __future__ import annotations

import os
import subprocess
import sys
import webbrowser
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from tideover.cli._given import moment, opened, setup_for
from tideover.cli._live import set_up
from tideover.engine.decision.whole_book import decide_book
from tideover.engine.facts.made_up import make_book
from tideover.engine.measure import day_page

LENDER = {
    "NAME": "Harbour Credit", "PHONE": "+371 2000 0000", "HOURS": "8:00–20:00", "STOP_WORD": "STOP",
    "ADDRESS": "1 Quay Street", "PUBLIC_NAME": "Harbour",
}  # fmt: skip
"""A lender that does not exist."""

PAYS = {
    "ACCOUNT": "LV80 BANK 0000 4351 9500 1", "ACCOUNT_CURRENCIES": "EUR,GBP,USD,INR,BDT,VND,IRR", "UPI": "harbour@example",
    "BILL_COMPANY": "123:9", "VIETQR": "970436:0000000000", "BANGLAQR": "26:org.example.qr:000000000:6012",
}  # fmt: skip
"""Where its borrowers would pay: the account of the IBAN registry's own example, which is nobody's."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    borrowers: Annotated[int, typer.Option("--borrowers", min=1, help="How many people to make up.")] = 500,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Show the pages in a browser.")] = True,
    port: Annotated[int, typer.Option("--port", help="Port of the pages.")] = 8000,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write to; else TIDEOVER_DATA, else tideover-demo.")
    ] = None,
) -> None:
    """Make a book, decide it, send yesterday's messages into a local mailbox, and show it all. Nobody real is contacted."""
    place = out or Path(os.environ.get("TIDEOVER_DATA", "tideover-demo"))
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    typer.echo(f"Making a book of {borrowers:,} people who do not exist ...")
    folder = make_book(borrowers, 1, place / "book", at=yesterday, history=True)
    _report(folder, place, moment(yesterday.isoformat()))
    _environment(place, port)
    set_up()
    from tideover.cli._demo_day import play  # noqa: PLC0415 - needs Django

    day = datetime(yesterday.year, yesterday.month, yesterday.day, tzinfo=UTC)
    for line in play(folder, place, day):
        typer.echo(line)
    if serve:
        _serve(port)


def _report(folder: Path, place: Path, at: int) -> None:
    known = opened(folder)
    setup = setup_for(known)
    typer.echo("Deciding who hears from the lender ...")
    run = decide_book(known, setup, at, place / "today")
    page = day_page(run, known, setup, place / "today" / "report.html")
    typer.echo(f"The report: {page.resolve()}")


def _environment(place: Path, port: int) -> None:
    given = {
        "TIDEOVER_DATA": str(place.resolve()), "TIDEOVER_DATABASE_URL": f"sqlite:///{place.resolve() / 'tideover.db'}",
        "TIDEOVER_DEMO": "1", "TIDEOVER_ENV": "demo", "TIDEOVER_PUBLIC_URL": f"http://localhost:{port}",
        "TIDEOVER_MAIL_FROM": "hello@harbour.example", "TIDEOVER_CLOCK_FILE": str(place.resolve() / "clock"),
        **{f"TIDEOVER_LENDER_{name}": value for name, value in LENDER.items()},
        **{f"TIDEOVER_PAY_{name}": value for name, value in PAYS.items()},
    }  # fmt: skip
    os.environ.update(given)


def _serve(port: int) -> None:
    """Pages, a worker beside them, and the mailbox that both write to; all end together."""
    from tideover.cli._demo_day import desk_link  # noqa: PLC0415
    from tideover.cli._demo_mailbox import mailbox  # noqa: PLC0415

    with mailbox(Path(os.environ["TIDEOVER_DATA"]) / "mailbox"):
        address = f"http://localhost:{port}/mailbox/"
        typer.echo(f"The mailbox: {address}")
        typer.echo(f"The desk, for a lead whose account this link opens once: {desk_link()}")
        typer.echo("To end: Ctrl+C")
        webbrowser.open(address)
        command = [sys.executable, "-m", "tideover", "serve", "--work", "--port", str(port)]
        subprocess.run(command, check=False)  # noqa: S603 - our own command
