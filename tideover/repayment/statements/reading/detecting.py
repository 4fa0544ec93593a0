"""Which kind of file it is, by what stands in it and never by its name; and in which letters it is written."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tideover.kit.errors import Refused
from tideover.repayment.statements.reading.camt import read_camt
from tideover.repayment.statements.reading.lines import Heard
from tideover.repayment.statements.reading.ofx import read_ofx
from tideover.repayment.statements.reading.swift import TAG, read_swift
from tideover.repayment.statements.reading.table import Columns, read_table

A_LOOK = 8_192
A_PIECE = 1 << 16
_CAMT = ("BkToCstmrStmt", "BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Unreadable(Refused):
    """The file is none of the kinds that can be read."""


def kind_of(start: str) -> str:
    """camt, ofx, swift, or "" for none of them, by the first letters of a file."""
    if any(it in start for it in _CAMT) or "urn:iso:std:iso:20022:tech:xsd:camt.05" in start:
        return "camt"
    upper = start.upper()
    if "OFXHEADER" in upper or "<OFX>" in upper:
        return "ofx"
    if any(TAG.match(it) for it in start.splitlines()):
        return "swift"
    return ""


def read_file(
    path: Path, *, columns: Columns | None = None, currency: str = ""
) -> tuple[str, Iterator[Heard]]:
    """The kind of a file and its lines, as they are read. Raises Unreadable, Forbidden."""
    letters = letters_of(path)
    with path.open("rb") as stream:
        start = stream.read(A_LOOK).decode(letters, "replace")
    kind = kind_of(start) or ("table" if columns is not None else "")
    if not kind:
        raise Unreadable(
            "This is no statement that can be read: neither camt.052, .053 or .054, nor MT940 or MT942, nor OFX. "
            "For a table, say which column is what with --mapping."
        )
    if kind == "camt":
        return kind, _camt(path)
    return kind, _rows_of(path, letters, kind, columns, currency)


def _camt(path: Path) -> Iterator[Heard]:
    with path.open("rb") as stream:
        yield from read_camt(_after_blanks(stream))


def _rows_of(path: Path, letters: str, kind: str, columns: Columns | None, currency: str) -> Iterator[Heard]:
    with _opened(path, letters) as rows:
        if kind == "ofx":
            yield from read_ofx(iter(lambda: rows.read(A_PIECE), ""), currency=currency)
        elif kind == "swift":
            yield from read_swift(rows)
        elif columns is not None:
            yield from read_table(rows, columns)


@contextmanager
def _opened(path: Path, letters: str) -> Iterator[io.TextIOWrapper]:
    with path.open(
        "r", encoding=letters, errors="replace", newline="" if letters == "utf-16" else None
    ) as rows:
        yield rows


def _after_blanks(stream: IO[bytes]) -> IO[bytes]:
    """XML may have nothing before it, and banks put empty rows there."""
    place = 0
    while (it := stream.read(1)) and it in b" \t\r\n":
        place += 1
    stream.seek(place)
    return stream


def letters_of(path: Path) -> str:
    """UTF-8 where it is; else as its mark says; else the code page of western Windows, or of old DOS where that has no such letter."""
    with path.open("rb") as stream:
        start = stream.read(4)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    for name in ("utf-8", "cp1252"):
        if _fits(path, name):
            return name
    return "cp852"


def _fits(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        with path.open("rb") as stream:
            while piece := stream.read(A_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
