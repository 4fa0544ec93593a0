"""Rows out of JSON: which records count, which list inside them, and which of their values are columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from ._model import File, Records
from ._text import opened

Json = dict[str, "Json"] | list["Json"] | str | bool | None
_AT_ONCE = 50_000


def records_of(file: File, path: Path, scratch: Path) -> pl.LazyFrame:
    """One row per record (or per thing in its list `each`), every value as text; lists keep their JSON form.

    Rows are written to Parquet in `scratch` by the block, so that a large export needs little memory.
    """
    assert file.records is not None, "the model asks JSON files for records"  # noqa: S101
    folder = scratch / f"{path.name} as rows"
    folder.mkdir(exist_ok=True)
    schema = {"__row": pl.Int64, **dict.fromkeys(file.records.columns, pl.String)}
    for number, rows in enumerate(_blocks(_rows(file, path))):
        pl.DataFrame(rows, schema=schema, orient="row").write_parquet(folder / f"{number:06}.parquet")
    if not any(folder.iterdir()):
        pl.DataFrame(schema=schema).write_parquet(folder / "none.parquet")
    return pl.scan_parquet(folder)


def _blocks(rows: Iterable[tuple[object, ...]]) -> Iterator[list[tuple[object, ...]]]:
    block: list[tuple[object, ...]] = []
    for row in rows:
        block.append(row)
        if len(block) == _AT_ONCE:
            yield block
            block = []
    if block:
        yield block


def _rows(file: File, path: Path) -> Iterator[tuple[object, ...]]:
    assert file.records is not None  # noqa: S101
    for number, record in _numbered(file, path):
        for row in rows_in(record, file.records):
            yield (number, *row)


def _numbered(file: File, path: Path) -> Iterator[tuple[int, Json]]:
    with opened(path, file.encoding) as source:
        if file.format == "json_lines":
            for number, line in enumerate(source, start=1):
                if line.strip():
                    yield number, _loads(line, f"line {number}")
        else:
            whole = _loads(source.read(), "the file")
            yield from enumerate(whole if isinstance(whole, list) else [whole], start=1)


def _loads(text: str, where: str) -> Json:
    """Numbers stay text, so that 12.10 is not turned into a float on its way to minor units."""
    try:
        loaded: Json = json.loads(text, parse_float=str, parse_int=str)
    except json.JSONDecodeError as error:
        raise ValueError(f"{where} is not JSON: {error.msg}") from error
    return loaded


def rows_in(record: Json, records: Records) -> Iterator[tuple[str | None, ...]]:
    """The rows one record makes: none when it holds nothing that is wanted."""
    leads = (_walked(record, path) for path in records.at)
    for thing in _listed(next((one for one in leads if isinstance(one, dict | list)), None)):
        if _is_wanted(thing, records):
            for row in _listed(_walked(thing, records.each)):
                yield tuple(_text(_found(row, thing, path)) for path in records.columns.values())


def _is_wanted(thing: Json, records: Records) -> bool:
    if any(_walked(thing, path) in (None, "", []) for path in records.has):
        return False
    return all(_text(_walked(thing, path)) in _wanted(value) for path, value in records.where.items())


def _found(row: Json, thing: Json, path: str) -> Json:
    return _walked(thing, path[1:]) if path.startswith("^") else _walked(row, path)


def _walked(value: Json, path: str) -> Json:
    for part in path.split(".") if path else ():
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def _listed(value: Json) -> list[Json]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _wanted(value: str | bool | int | list[str | int]) -> set[str | None]:
    return {_text(one) for one in (value if isinstance(value, list) else [value])}


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    # A date as [2012, 5, 14]: its numbers were kept as text and lose their quotes here.
    return (
        json.dumps(value, ensure_ascii=False).replace('"', "")
        if isinstance(value, list)
        else json.dumps(value)
    )
