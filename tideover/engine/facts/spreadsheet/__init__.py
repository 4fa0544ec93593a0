"""A lender's spreadsheet becomes a book, and today's decisions become a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

SPREADSHEET = "spreadsheet"
"""The name under which `tideover import` takes a spreadsheet."""


def import_guided(files: Sequence[Path], out: Path, mapping: Path | None = None) -> str:
    """Placeholder while this is being built."""
    raise NotImplementedError
