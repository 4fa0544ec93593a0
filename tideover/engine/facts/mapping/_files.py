"""Finding the files a mapping names, and reading them as text, whatever their format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from pathlib import Path

import polars as pl

from tideover.kit.nearest import did_you_mean

from ._model import File, Mapping
from ._problems import FilesRefused
from ._records import records_of
from ._text import opened

ROW, FILE = "__row", "__file"
"""Columns every frame of a file carries: the line (or record) in it, and its name."""


def found(mapping: Mapping, given: Sequence[Path]) -> dict[str, list[Path]]:
    """The files for each name in `files:`. FilesRefused names each that is missing, and what was looked through."""
    every = sorted(_every_file(given))
    matched = {name: _matching(file, every) for name, file in mapping.files.items()}
    missing = [
        _missing(file, every)
        for name, file in mapping.files.items()
        if not matched[name] and not file.optional
    ]
    if missing:
        raise FilesRefused("\n".join(missing))
    return matched


def as_text(file: File, paths: Sequence[Path], scratch: Path) -> pl.LazyFrame:
    """All rows of these files with every column as text, in the order of the files. Nothing is skipped silently."""
    frames = [_one(file, path, scratch).with_columns(pl.lit(path.name).alias(FILE)) for path in paths]
    return pl.concat(frames, how="diagonal")


def nothing_of(file: File) -> pl.LazyFrame:
    """No row, and every column the mapping speaks of: an optional file that is not there."""
    named = [*file.columns, *(file.records.columns if file.records else ())]
    named += [spec.from_ or target for target, spec in file.parse.items()]
    named += [spec.currency_in for spec in file.parse.values() if spec.currency_in]
    return pl.LazyFrame(schema={ROW: pl.Int64, **dict.fromkeys(named, pl.String), FILE: pl.String})


def _every_file(given: Iterable[Path]) -> set[Path]:
    every: set[Path] = set()
    for path in given:
        if not path.exists():
            raise FilesRefused(f"There is no file or folder {path}.")
        every |= {one for one in path.rglob("*") if one.is_file()} if path.is_dir() else {path}
    return every


def _matching(file: File, every: Sequence[Path]) -> list[Path]:
    """By the first pattern that finds any: a full name before its compressed or partial stand-in."""
    for pattern in file.names:
        hits = [path for path in every if fnmatch(path.name.lower(), pattern.lower())]
        if hits:
            return hits
    return []


def _missing(file: File, every: Sequence[Path]) -> str:
    names = [path.name for path in every]
    wanted = " or ".join(file.names)
    seen = ", ".join(names[:20]) or "no file at all"
    return f"The file {wanted} is missing.{did_you_mean(file.names[0], names)} Looked through: {seen}."


def _one(file: File, path: Path, scratch: Path) -> pl.LazyFrame:
    try:
        frame = _scan(file, path, scratch)
        frame.collect_schema()
    except (pl.exceptions.PolarsError, OSError, UnicodeError, ValueError) as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FilesRefused(f"{path.name} cannot be read as {file.format}: {told}") from error
    return frame


def _scan(file: File, path: Path, scratch: Path) -> pl.LazyFrame:
    match file.format:
        case "csv":
            return _csv(file, path, scratch)
        case "parquet":
            numbered = pl.scan_parquet(path).with_row_index(ROW, offset=1)
            return numbered.with_columns(pl.all().exclude(ROW).cast(pl.String))
        case "xlsx":
            return _sheet(file, path)
        case _:
            return records_of(file, path, scratch)


def _csv(file: File, path: Path, scratch: Path) -> pl.LazyFrame:
    first = 1 + file.skip_rows + (1 if file.header else 0)
    return pl.scan_csv(
        _in_utf8(file, path, scratch),
        separator=file.delimiter,
        quote_char=file.quote or None,
        has_header=file.header,
        new_columns=file.columns or None,
        skip_rows=file.skip_rows,
        infer_schema=False,
        null_values=["", *file.empty],
        row_index_name=ROW,
        row_index_offset=first,
    )


def _in_utf8(file: File, path: Path, scratch: Path) -> Path:
    """The file itself, or a copy of it in UTF-8 where it is in something else."""
    if file.encoding.lower().replace("_", "-") in {"utf-8", "utf8", "ascii"}:
        return path
    copy = scratch / f"{path.name}.utf8.csv"
    with opened(path, file.encoding) as source, copy.open("w", encoding="utf-8", newline="") as target:
        while block := source.read(1 << 20):
            target.write(block)
    return copy


def _sheet(file: File, path: Path) -> pl.LazyFrame:
    frame = pl.read_excel(
        path,
        sheet_name=file.sheet,
        engine="calamine",
        infer_schema_length=0,
        read_options={"dtypes": "string"},
    )
    first = 1 + file.skip_rows + (1 if file.header else 0)
    return frame.lazy().with_row_index(ROW, offset=first)
