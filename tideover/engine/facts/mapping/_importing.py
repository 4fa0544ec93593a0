"""A source's files into a book: read, mapped, assumed, written, counted."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from tideover.engine.facts.tables import Kind
from tideover.kit.nearest import did_you_mean

from . import _model as model
from ._assume import with_assumptions
from ._files import FILE, ROW, as_text, found, nothing_of
from ._functions import functions
from ._parse import Reading
from ._problems import FilesRefused, Place, Problem
from ._reading import Read, read_mapping
from ._steps import parsed, run, stacked
from ._summary import Summary
from ._tables import made
from ._values import literal
from ._work import Frame, Work
from ._writing import Made, write

Progress = Callable[[str], None]
Given = Mapping[str, int | date | str]

SOURCES = Path(__file__).parents[3] / "content" / "sources"


def import_source(
    source: str | Path,
    files: Sequence[Path],
    out: Path,
    *,
    progress: Progress | None = None,
    given: Given | None = None,
    sources: Path = SOURCES,
) -> Summary:
    """Make a book in `out` from a lender's files, by a mapping's name (in `sources`) or the path of one.

    `files` are files or folders. `given` replaces constants of the mapping. MappingRefused, FilesRefused or a refusal
    of the book itself say what to mend; then nothing is written.
    """
    return import_mapped(
        read_mapping(mapping_path(source, sources)), files, out, progress=progress, given=given
    )


def import_mapped(
    read: Read,
    files: Sequence[Path],
    out: Path,
    *,
    progress: Progress | None = None,
    given: Given | None = None,
) -> Summary:
    """The same with a mapping already read."""
    run_ = _Import(read, found(read.mapping, files), progress or _silent, given or {})
    started = time.perf_counter()
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".import-", dir=out.parent) as scratch:
        run_.made(Path(scratch), dry=True)
        return write(read.mapping, run_.made(Path(scratch), dry=False), out, run_.tell, started)


def mapping_path(source: str | Path, sources: Path = SOURCES) -> Path:
    """The file of a mapping, by its path or by its name in the folder of sources."""
    by_path = Path(source)
    if by_path.suffix in {".yaml", ".yml"} and by_path.is_file():
        return by_path
    by_name = sources / f"{source}.yaml"
    if by_name.is_file():
        return by_name
    known = source_names(sources)
    raise FilesRefused(
        f"There is no source {str(source)!r}.{did_you_mean(str(source), known)} "
        f"Give one of {', '.join(known)}, or the path of a mapping of your own (.yaml)."
    )


def source_names(sources: Path = SOURCES) -> list[str]:
    """The names of the mappings that come with the product."""
    return sorted(path.stem for path in sources.glob("[!_]*.yaml"))


def _silent(_said: str) -> None:
    """Nobody is watching."""


@dataclass(frozen=True)
class _Import:
    """One run: once dry, so that every problem of the mapping is told before a row is read; then in earnest."""

    read: Read
    paths: dict[str, list[Path]]
    tell: Progress
    given: Given

    def made(self, scratch: Path, *, dry: bool) -> Made:
        """Everything the mapping asks for. MappingRefused when formulas and columns do not fit together."""
        mapping = self.read.mapping
        work = self._work(scratch, dry=dry)
        raw = {name: self._read_file(name, file, work) for name, file in mapping.files.items()}
        for name, frame in mapping.frames.items():
            self._say(work, f"making {name}")
            work.frames[name] = work.staged(name, _run(frame, name, ("frames", name), work))
        tables = {name: made(name, blocks, work, mapping.currency) for name, blocks in mapping.tables.items()}
        beside = {name: _beside(name, one, work) for name, one in mapping.beside.items()}
        self.read.refuse(work.problems)
        paths = {name: tuple(path.name for path in found_) for name, found_ in self.paths.items()}
        return Made(work, with_assumptions(tables, mapping.assume), beside, raw, paths)

    def _say(self, work: Work, said: str) -> None:
        if not work.dry:
            self.tell(said)

    def _work(self, scratch: Path, *, dry: bool) -> Work:
        mapping = self.read.mapping
        problems = [
            Problem(
                f"There is no constant {name!r} to give.{did_you_mean(name, mapping.constants)}",
                ("constants",),
            )
            for name in self.given
            if name not in mapping.constants
        ]
        values = {
            name: _as(self.given.get(name, one.value), one.value) for name, one in mapping.constants.items()
        }
        constants = {name: literal(value) for name, value in values.items()}
        reading = Reading(mapping.currency, mapping.timezone)
        return Work(reading, scratch, dry, constants, functions(mapping.timezone), problems=problems)

    def _read_file(self, name: str, file: model.File, work: Work) -> pl.LazyFrame:
        """Make the file a frame of its name; its rows as they came are handed back for counting."""
        self._say(work, f"reading {name}")
        folder = work.scratch / f"text of {name}"
        folder.mkdir(exist_ok=True)
        text = as_text(file, self.paths[name], folder) if self.paths[name] else nothing_of(file)
        kinds: dict[str, Kind | None] = dict.fromkeys(text.collect_schema().names(), Kind.TEXT)
        kinds |= {ROW: Kind.COUNT, FILE: Kind.TEXT}
        raw = work.staged(f"{name} as it came", Frame(text, kinds))
        work.frames[name] = parsed(file.parse, raw, work, f"file {name}", ("files", name, "parse"))
        return raw.rows


def _as(given: int | date | str, like: int | date | str) -> int | date | str:
    """A value given as text, as a command line does, in the kind of the one it replaces."""
    try:
        if isinstance(given, str) and isinstance(like, date):
            return date.fromisoformat(given)
        return int(given) if isinstance(given, str) and isinstance(like, int) else given
    except ValueError as error:
        wanted = "a date as 2026-03-04" if isinstance(like, date) else "a whole number"
        raise FilesRefused(f"{given!r} must be {wanted}.") from error


def _run(frame: model.Frame, name: str, at: Place, work: Work) -> Frame:
    sources = [work.frames[source] for source in frame.from_ if source in work.frames]
    return run(frame.steps, stacked(sources), work, name, at)


def _beside(name: str, one: model.Beside, work: Work) -> pl.LazyFrame:
    frame = _run(one, f"beside {name}", ("beside", name), work)
    at: Place = ("beside", name, "columns")
    columns = {target: work.value(cell, frame, (*at, target)).expr for target, cell in one.columns.items()}
    return frame.rows.select(**columns)
