"""From a spreadsheet to a book in one go, with everything said that a person should look over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tideover.engine.facts.mapping import FilesRefused
from tideover.kit.errors import Refused

from ._columns import Confirmed, read_confirmed
from ._guess import Guess, guess_columns
from ._importing import SpreadsheetImport, import_spreadsheet

SPREADSHEET = "spreadsheet"
"""The name under which `tideover import` takes a spreadsheet."""

_CELLS_TOLD = 30


def import_guided(
    files: Sequence[Path],
    out: Path,
    mapping: Path | None = None,
    *,
    known_on: date | None = None,
    country: str | None = None,
    currency: str | None = None,
) -> str:
    """Import one spreadsheet and say what was understood, set aside and assumed.

    `known_on` is the day up to which the sheet is complete; `country` and `currency` are guessed unless given.
    With `mapping` the columns are those confirmed in that file. Without it they are guessed; when the guess is not sure
    enough it is written beside `out` for correction, and ColumnsUnsure says so.
    """
    if len(files) != 1:
        raise FilesRefused("Give one spreadsheet; sheets of loans and of payments belong in one file.")
    told: list[str] = []
    if mapping is None:
        guess = guess_columns(files[0], country=country, currency=currency, known_on=known_on)
        told = ["These columns were understood:", *(f"  {line}" for line in guess.lines())]
        columns = _sure(guess, out)
    elif country or currency:
        raise FilesRefused(f"Country and currency stand in {mapping}; change them there.")
    else:
        columns = read_confirmed(mapping)
    done = import_spreadsheet(files[0], columns, out, known_on=known_on)
    return "\n".join(
        [
            *told,
            *_told(done),
            f"The columns are kept in {out / 'columns.yaml'}; correct them there if need be.",
        ]
    )


def _sure(guess: Guess, out: Path) -> Confirmed:
    if not guess.unsure:
        return guess.confirmed
    path = guess.save(out.parent / f"{out.name}.columns.yaml")
    raise unsure(guess, path)


def _told(done: SpreadsheetImport) -> list[str]:
    told = done.summary.lines()
    if done.problems:
        shown = [f"  {one}" for one in done.problems[:_CELLS_TOLD]]
        rest = len(done.problems) - len(shown)
        told += ["Cells to mend:", *shown, *([f"  and {rest} more"] if rest else [])]
    return told


class ColumnsUnsure(Refused):
    """It is not clear enough which column holds what; a file to correct was written."""


def unsure(guess: Guess, path: Path) -> ColumnsUnsure:
    """The refusal: what was understood, what is in doubt, and what to do."""
    told = "\n".join(f"  {line}" for line in guess.lines())
    doubts = "\n".join(f"  {one}" for one in guess.unsure)
    return ColumnsUnsure(
        f"What was understood:\n{told}\nPlease look at this:\n{doubts}\n"
        f"Correct {path} and import again with --mapping {path}."
    )
