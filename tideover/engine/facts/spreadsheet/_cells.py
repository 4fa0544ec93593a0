"""The cells of a spreadsheet or CSV file as text, each with its real address."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from tideover.engine.facts.mapping import FilesRefused
from tideover.kit.nearest import did_you_mean

ROW = "__sheet_row"
_ENCODINGS = ("utf-8-sig", "utf-16", "cp1252")
_VALUED_CELL = re.compile(rb'<c r="([A-Z]+)\d+"[^>]*[^/]>')
_SHEET_NAME = re.compile(rb'<sheet [^>]*?name="([^"]*)"[^>]*?r:id="([^"]*)"')
_RELATION = re.compile(rb"<Relationship [^>]*>")


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet: `rows` from row 1 and the column number `left` (from 1) on."""

    name: str
    rows: Sequence[Sequence[str | None]]
    left: int = 1

    def letters(self) -> list[str]:
        """The names of its columns: A, B, ... AA."""
        width = max((len(row) for row in self.rows), default=0)
        return [letters_of(self.left + index) for index in range(width)]

    def row(self, number: int) -> dict[str, str]:
        """The texts of one sheet row by column."""
        cells = self.rows[number - 1] if 1 <= number <= len(self.rows) else []
        return {
            letter: cell.strip()
            for letter, cell in zip(self.letters(), cells, strict=False)
            if cell and cell.strip()
        }

    def below(self, header_row: int) -> pl.DataFrame:
        """All rows below the headings that hold anything, columns by letter, with their sheet row."""
        letters = self.letters()
        kept = [
            (
                number,
                *(cell.strip() if cell and cell.strip() else None for cell in _padded(row, len(letters))),
            )
            for number, row in enumerate(self.rows, start=1)
            if number > header_row and any(cell and cell.strip() for cell in row)
        ]
        schema = {ROW: pl.Int64, **dict.fromkeys(letters, pl.String)}
        return pl.DataFrame(kept, schema=schema, orient="row")


def sheets_of(path: Path) -> list[Sheet]:
    """Every sheet with something in it. FilesRefused when the file cannot be read as a spreadsheet."""
    if not path.is_file():
        raise FilesRefused(f"There is no file {path}.{did_you_mean(path.name, _beside(path))}")
    try:
        return [_csv(path)] if path.suffix.lower() in {".csv", ".tsv", ".txt"} else _workbook(path)
    except (fastexcel.FastExcelError, OSError, UnicodeError, csv.Error) as error:
        told = str(error).splitlines()[0]
        raise FilesRefused(
            f"{path.name} cannot be read as a spreadsheet: {told}. Save it as .xlsx or .csv and try again."
        ) from error


def letters_of(number: int) -> str:
    """The name of a column: 1 is A, 27 is AA."""
    name = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def number_of(letters: str) -> int:
    """The other way round."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _beside(path: Path) -> list[str]:
    return [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []


def _padded(row: Sequence[str | None], width: int) -> list[str | None]:
    return [*row, *[None] * (width - len(row))]


def _workbook(path: Path) -> list[Sheet]:
    book = fastexcel.read_excel(path)
    first = _first_columns(path)
    sheets = []
    for name in book.sheet_names:
        cells = book.load_sheet(name, header_row=None, dtypes="string", skip_rows=0).to_polars()
        if cells.height:
            sheets.append(Sheet(name, cells.rows(), left=first.get(name, 1)))
    return sheets


def _first_columns(path: Path) -> dict[str, int]:
    """The first column in use, by sheet: the reader starts there and does not say which it is."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return {}
        files = _files_of_relations(archive.read("xl/_rels/workbook.xml.rels"))
        found = {}
        for name, relation in _SHEET_NAME.findall(archive.read("xl/workbook.xml")):
            cells = _VALUED_CELL.findall(archive.read(files[relation])) if relation in files else []
            if cells:
                found[_unescaped(name)] = min(number_of(letters.decode()) for letters in set(cells))
        return found


def _files_of_relations(xml: bytes) -> dict[bytes, str]:
    files = {}
    for one in _RELATION.findall(xml):
        name, target = (re.search(rb'\b%s="([^"]*)"' % key, one) for key in (b"Id", b"Target"))
        if name and target:
            place = target[1].decode()
            files[name[1]] = place.lstrip("/") if place.startswith("/") else f"xl/{place}"
    return files


def _unescaped(name: bytes) -> str:
    text = name.decode("utf-8")
    for code, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(code, sign)
    return text


def _csv(path: Path) -> Sheet:
    text = _decoded(path.read_bytes())
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:20_000], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    return Sheet(path.stem, list(csv.reader(io.StringIO(text), dialect)))


def _decoded(raw: bytes) -> str:
    for encoding in _ENCODINGS[:-1]:
        try:
            if encoding != "utf-16" or raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
                return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode(_ENCODINGS[-1])
