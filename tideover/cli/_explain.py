"""tideover explain: one decision told as a person would tell it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tideover.cli._database import facts_about, is_address, setup_of
from tideover.cli._given import AtOption, BookOption, StrategyOption, TablesOption, moment, overlay, setup_for
from tideover.engine.decision import Facts
from tideover.engine.decision.setup import Setup
from tideover.engine.facts import open_book
from tideover.engine.facts.backends import backend_of
from tideover.engine.message import explain as told_in_words
from tideover.engine.message import facts_of, read_words


class For(StrEnum):
    """Who reads the explanation."""

    STAFF = "staff"
    BORROWER = "borrower"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(explain)


def explain(
    book: BookOption,
    borrower: Annotated[str, typer.Option("--borrower", help="Key of the person.")],
    at: AtOption,
    audience: Annotated[
        For, typer.Option("--for", help="staff, or the borrower: without anybody's secrets.")
    ] = For.STAFF,
    language: Annotated[
        str | None, typer.Option("--language", help="en, bn, lv, vi, fa; else the person's own.")
    ] = None,
    strategy: StrategyOption = None,
    tables: TablesOption = None,
) -> None:
    """Why is this person spoken to, or left in peace? What blocked the rest, what would change it, when we look again."""
    instant = moment(at)
    facts, setup = _known(book, borrower, instant, strategy, tables)
    told = facts_of(facts, setup.plan(instant), borrower, content_hash=setup.content_hash)
    typer.echo(
        told_in_words(told, audience=audience.value, language=language, words=read_words(overlay())).text
    )


def _known(
    book: str, borrower: str, at: int, strategy: str | None, tables: Path | None
) -> tuple[Facts, Setup]:
    """From a database only what is about her is read."""
    if is_address(book):
        return facts_about(book, borrower, at), setup_of(book, strategy, tables)
    known = open_book(Path(book)).as_of(at)
    return Facts(known.frame, backend_of(known.engine), at, known.assumes), setup_for(known, strategy, tables)
