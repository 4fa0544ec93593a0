"""Small mappings and files for the tests of importing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from tideover.engine.facts import Book, open_book
from tideover.engine.facts.mapping import MappingRefused, Summary, import_mapped, read_mapping_text

REAL = Path(__file__).parents[4] / "shared" / "data"

HEAD = """
format: 1
source: small
says: A small source.
currency: EUR
timezone: Europe/Riga
"""

LOANS = "who,loan,lent,amount\nanna,L1,2026-01-05,100.00\nbert,L2,2026-01-31,50.50\n"

MAPPING = (
    HEAD
    + """
files:
  lent:
    names: [lent.csv]
    parse:
      who: {as: text, needed: true}
      loan: {as: text, needed: true}
      lent_on: {from: lent, as: day, needed: true}
      amount: {as: money, needed: true}
frames:
  parts:
    from: lent
    steps:
      - schedule: {count: 2, first_due_on: "add_months(lent_on, 1)", every: {months: 1}, principal: amount}
tables:
  borrowers:
    from: lent
    columns: {borrower_id: who}
    versions: [{recorded_at: start_of(lent_on), because: first seen then}]
  loans:
    from: lent
    columns: {loan_id: loan, borrower_id: who, principal: amount, disbursed_on: lent_on}
    versions: [{recorded_at: start_of(lent_on), because: the money left then}]
  instalments:
    from: parts
    columns: {loan_id: loan, number: number, due_on: due_on, principal: principal_due, paid: 0}
    versions: [{recorded_at: start_of(lent_on), because: agreed with the loan}]
"""
)


def import_small(
    folder: Path, mapping: str = MAPPING, files: Mapping[str, str] | None = None, **given: object
) -> Summary:
    """Import those files by that mapping into `<folder>/book`."""
    source = folder / "files"
    source.mkdir(exist_ok=True)
    for name, text in (files or {"lent.csv": LOANS}).items():
        (source / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return import_mapped(read_mapping_text(mapping, "small.yaml"), [source], folder / "book", given=given)


def refusal(folder: Path, mapping: str, files: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The lines with which this mapping is refused."""
    with pytest.raises(MappingRefused) as refused:
        import_small(folder, mapping, files)
    return refused.value.lines


def table(folder: Path, name: str, *, at: str | None = None) -> pl.DataFrame:
    """A table of the book in `<folder>/book` in engine types, as known at a moment."""
    book = open_book(folder / "book")
    seen: Book = book.as_of(moment(at)) if at else book
    frame = seen.tables[name].collect("polars").to_polars()
    return frame.sort(frame.columns[:2])


def moment(text: str) -> int:
    """Epoch seconds of an ISO text; UTC unless it says otherwise."""
    parsed = datetime.fromisoformat(text)
    return int((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp())


def day(text: str) -> int:
    """The day number of a date."""
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def real(name: str) -> Path:
    """The folder of a real data set; the test is skipped, and says so, where the data is not at hand."""
    folder = REAL / name
    if not folder.is_dir():
        pytest.skip(f"the real data set {name} is not beside this repository")
    return folder
