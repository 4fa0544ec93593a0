"""Where a book goes: in one move, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tideover.engine.facts.refusals import BookRefused, explained
from tideover.engine.facts.stamp import NAME as STAMP


@contextmanager
def in_place_of(out: Path) -> Iterator[Path]:
    """A folder beside `out` that takes its place when all went well, and vanishes when not."""
    _check(out)
    folder = out.with_name(f".{out.name}.making")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
        shutil.rmtree(out, ignore_errors=True)
        folder.rename(out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check(out: Path) -> None:
    """Only an earlier book or an empty folder may be replaced."""
    if not out.exists() or (out / STAMP).is_file() or (out.is_dir() and not any(out.iterdir())):
        return
    raise BookRefused(
        explained(
            "A book cannot be made there: something else is in the way.",
            where=str(out),
            expected="a new folder, an empty one, or an earlier book",
            do="choose another folder",
        )
    )
