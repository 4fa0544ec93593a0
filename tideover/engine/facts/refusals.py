"""Why a book is not used: what is wrong, where, what was expected and what to do."""

from __future__ import annotations

from tideover.kit.errors import Refused


class BookRefused(Refused):
    """A book cannot be used as it is."""


class TableUnusable(BookRefused):
    """A table, or one of its columns, has not the shape of the contract."""


class TableMissing(BookRefused):
    """A table that no decision can do without is not there."""


class TooManyBadRows(BookRefused):
    """So many rows were set aside that the rest would give a wrong picture."""


class FileUnreadable(BookRefused):
    """A file is cut short, or is not what its name says."""


def explained(what: str, *, where: str, expected: str, do: str) -> str:
    """One refusal as four whole sentences."""
    return f"{what}\n  where: {where}\n  expected: {expected}\n  what to do: {do}"
