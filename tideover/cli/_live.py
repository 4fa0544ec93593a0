"""tideover migrate, serve, work: the running product."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated

import typer

SETTINGS = "tideover.settings"
THREADS = 4
"""Pages that one process makes at a time; each thread keeps a connection to the database."""
WAITING = 256
"""Requests that one process holds at a time before others wait outside."""

NOTHING_LIVE = (
    "No strategy is live, so nobody is contacted. Ask for the shipped one with `tideover publish everyday --whole`; "
    "somebody else agrees to it on the desk."
)
AGAIN_SECONDS = 2
"""After which a worker that ended is begun again."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(migrate)
    app.command()(serve)
    app.command()(work)


def set_up() -> None:
    """Django, by the environment. Nothing above the engine is imported before this."""
    import django  # noqa: PLC0415 - the engine's commands start without it

    Path(os.environ.get("TIDEOVER_DATA", "tideover-data")).mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()


def migrate() -> None:
    """Make or update the database. What decides stays as it is: in a new one nothing, until two people agree to it."""
    set_up()
    from tideover.strategy.models import Release  # noqa: PLC0415
    from tideover.strategy.models.releases import DECIDING  # noqa: PLC0415
    from tideover.strategy.reading import said  # noqa: PLC0415

    make_database()
    typer.echo("The database is up to date.")
    deciding = list(Release.objects.filter(state__in=DECIDING))
    for release in deciding:
        typer.echo(f"{release}: {said(release).lower()}.")
    if not deciding:
        typer.echo(NOTHING_LIVE)


def make_database() -> None:
    """Every table there should be, in the database that the environment names."""
    from django.core.management import call_command  # noqa: PLC0415

    from tideover.access.migrating import use_it  # noqa: PLC0415

    use_it()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def serve(
    port: Annotated[int, typer.Option("--port", help="Port to listen on.")] = 8000,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes that answer.")] = 1,
    working: Annotated[
        bool, typer.Option("--work", help="Decide and send too: all that a small lender runs.")
    ] = False,
) -> None:
    """Serve the pages and the interface for other systems."""
    set_up()
    from granian import Granian  # noqa: PLC0415
    from granian.constants import Interfaces  # noqa: PLC0415

    server = Granian(
        "tideover.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
        blocking_threads=THREADS, backpressure=WAITING, websockets=False,
    )  # fmt: skip
    with worker_beside() if working else nullcontext():
        server.serve()


@contextmanager
def worker_beside() -> Iterator[None]:
    """A worker in a process of its own, begun again should it end, until this ends; then the round at hand is finished first.

    The first begins before the server forks: a fork while `Popen` waits to hear that its program runs keeps that line
    open, and the wait never ends.
    """
    is_over, running = threading.Event(), [_worker()]

    def keep() -> None:
        while not is_over.is_set():
            running[0].wait()
            if not is_over.wait(AGAIN_SECONDS):
                running[0] = _worker()
        running[0].terminate()  # one that began while this ended
        running[0].wait()

    keeping = threading.Thread(target=keep)
    keeping.start()
    try:
        yield
    finally:
        is_over.set()
        running[0].terminate()
        keeping.join()


def _worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tideover", "work"])


def work(
    once: Annotated[bool, typer.Option("--once", help="Do what there is to do now, then end.")] = False,
) -> None:
    """Decide, send and follow up, over and over. Any number of these may run beside each other."""
    set_up()
    from tideover.cli._turns import keep_turning  # noqa: PLC0415

    done = keep_turning(once=once, going=_until_told())
    typer.echo(f"Done: {done:,} steps of work.")


def _until_told() -> Callable[[], bool]:
    """Goes on until the process is asked to end; then the round at hand is finished first."""
    told: list[int] = []
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda number, _: told.append(number))
    return lambda: not told
