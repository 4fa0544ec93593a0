"""The command line: wiring only. Each command asks the engine one question and says the answer."""

from __future__ import annotations

import sys

import typer

from tideover.cli import _allocator as _allocator  # before anything that loads the data engine
from tideover.cli import (
    _backup,
    _books,
    _check,
    _clients,
    _decide,
    _demo,
    _explain,
    _live,
    _operate,
    _payments,
    _publish,
    _shadow,
    _simulate,
    _staff,
    _statements,
    _tables,
)
from tideover.kit.errors import Refused

app = typer.Typer(
    name="tideover",
    help="Decide who is spoken to, about what, how and when, or left in peace, with reasons.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for module in (
    _demo,
    _live,
    _operate,
    _staff,
    _clients,
    _payments,
    _backup,
    _publish,
    _decide,
    _explain,
    _simulate,
    _statements,
    _shadow,
    _check,
    _tables,
    _books,
):
    module.register(app)


def main() -> None:
    """Run a command. Exit code 0: done; 2: refused, with the reason on standard error."""
    try:
        app()
    except Refused as refused:
        typer.echo(str(refused), err=True)
        sys.exit(2)
    except OSError as trouble:
        typer.echo(_said(trouble), err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        typer.echo("Stopped. What was written so far is kept.", err=True)
        sys.exit(130)


def _said(trouble: OSError) -> str:
    """What the machine refused, in words: no such folder, no right to write there, no room left."""
    what = trouble.strerror or str(trouble) or type(trouble).__name__
    return f"{what}: {trouble.filename}" if trouble.filename else f"{what}."
