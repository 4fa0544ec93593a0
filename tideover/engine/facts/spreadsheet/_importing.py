"""A spreadsheet into a book: read as confirmed, told cell by cell what is wrong, imported like every other source."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from tideover.engine.facts.mapping import FilesRefused, Summary, import_mapped, read_mapping_text
from tideover.engine.facts.mapping.reading_text import Parse, Reading, expected, parse, read
from tideover.kit.nearest import did_you_mean
from tideover.kit.phones import UnclearPhone, phone_of
from tideover.kit.text import clean_name

from ._cells import ROW, Sheet, sheets_of
from ._columns import Confirmed, SheetColumns, read_confirmed
from ._described import described
from ._shape import field_parse, needed_fields
from ._vocabulary import plain


@dataclass(frozen=True)
class CellProblem:
    """One cell that cannot be used as it is."""

    sheet: str
    cell: str
    says: str

    def __str__(self) -> str:
        return f"Sheet '{self.sheet}', cell {self.cell}: {self.says}"


@dataclass(frozen=True)
class SpreadsheetImport:
    """What came of a spreadsheet: the book's numbers, and every cell that needs mending."""

    summary: Summary
    problems: tuple[CellProblem, ...]
    confirmed: Confirmed


def import_spreadsheet(
    path: Path,
    columns: Path | Confirmed,
    out: Path,
    *,
    known_on: date | None = None,
    progress: Callable[[str], None] | None = None,
) -> SpreadsheetImport:
    """Make a book in `out` of a spreadsheet whose columns are confirmed.

    Rows with a cell that cannot be read are set aside; `problems` names each such cell. `known_on` is the day up to
    which the sheet is complete; without it the day in the confirmed columns counts, else the day the file was saved.
    Names and telephone numbers go to people.parquet beside the book, where no decision reads them.
    """
    confirmed = columns if isinstance(columns, Confirmed) else read_confirmed(columns)
    day = known_on or confirmed.known_on or _saved_on(path, confirmed.timezone)
    sheets = {sheet.name: sheet for sheet in sheets_of(path)}
    mapping = read_mapping_text(described(confirmed, day), "the columns of the sheet")
    problems: list[CellProblem] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, one in (("loans", confirmed.loans), ("payments", confirmed.payments)):
            if one is not None:
                cells = _fields(sheets, one, path)
                problems += _problems(cells, one, confirmed, needed=name)
                staged = _staged(cells, confirmed)
                staged.write_parquet(Path(folder) / f"{name}.parquet")
        summary = import_mapped(mapping, [Path(folder)], out, progress=progress)
        _people(Path(folder) / "loans.parquet").write_parquet(out / "people.parquet")
    confirmed.save(out / "columns.yaml")
    return SpreadsheetImport(summary, tuple(problems), confirmed)


def _saved_on(path: Path, timezone: str) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).astimezone(ZoneInfo(timezone)).date()


def _fields(sheets: dict[str, Sheet], said: SheetColumns, path: Path) -> pl.DataFrame:
    """The rows of the sheet with its columns called by what they hold. FilesRefused when the sheet has changed."""
    sheet = sheets.get(said.sheet)
    if sheet is None:
        raise FilesRefused(
            f"{path.name} has no sheet {said.sheet!r}.{did_you_mean(said.sheet, sheets)} It has: {', '.join(sheets)}."
        )
    headings = sheet.row(said.heading_row)
    changed = [
        f"Sheet '{sheet.name}', cell {one.column}{said.heading_row}: the heading is {headings.get(one.column, '')!r}, "
        f"and the confirmed columns expect {one.heading!r}. Guess the columns anew, or correct the file of columns."
        for one in said.columns.values()
        if plain(headings.get(one.column, "")) != plain(one.heading)
    ]
    if changed:
        raise FilesRefused("\n".join(changed))
    return sheet.below(said.heading_row).select(
        ROW, **{field: one.column for field, one in said.columns.items()}
    )


def _problems(
    cells: pl.DataFrame, said: SheetColumns, confirmed: Confirmed, *, needed: str
) -> Iterator[CellProblem]:
    wanted = needed_fields(said) if needed == "loans" else {"loan_id", "paid_on", "paid"}
    for field, one in said.columns.items():
        spec = Parse.model_validate(field_parse(field, one, needed=field in wanted))
        column = parse(field, spec, Reading(confirmed.currency, confirmed.timezone))
        if one.format:  # a person types dates one way; date cells are fine anyway
            column = replace(column, expected=expected(spec.model_copy(update={"formats": one.format[:1]})))
        reason = column.reason(pl.col("rejected")).str.strip_prefix(f"{field} ")
        rows, (rejected,) = read(cells.lazy(), [column])
        wrong = rows.select(ROW, rejected=pl.col(rejected)).drop_nulls("rejected").collect()
        for row, says in wrong.select(ROW, reason.alias("says")).iter_rows():
            yield CellProblem(said.sheet, f"{one.column}{row}", says)
    if "phone" in said.columns:
        yield from _phone_problems(cells, said, confirmed.country)


def _phone_problems(cells: pl.DataFrame, said: SheetColumns, country: str | None) -> Iterator[CellProblem]:
    for row, text in cells.select(ROW, "phone").drop_nulls().iter_rows():
        try:
            phone_of(text, country)
        except UnclearPhone as error:
            yield CellProblem(said.sheet, f"{said.columns['phone'].column}{row}", str(error))


def _staged(cells: pl.DataFrame, confirmed: Confirmed) -> pl.DataFrame:
    """The cells for the mapping: who each row is about, codes as they are compared, addresses as surrogates."""
    columns: dict[str, pl.Series] = {"person": _persons(cells)}
    for field in ("status", "frequency"):
        if field in cells.columns:
            columns[field] = _mapped(cells[field], plain)
    if "phone" in cells.columns:
        columns["phone_key"] = _mapped(cells["phone"], lambda text: _phone_key(text, confirmed.country))
    if "email" in cells.columns:
        columns["email_key"] = _mapped(cells["email"], lambda text: _surrogate("email", text.casefold()))
    return cells.with_columns(**columns)


def _persons(cells: pl.DataFrame) -> pl.Series:
    """The lender's own number of the person; else one made from name and addresses; else the loan is the person.

    Two people may share a name or a telephone, and numbers made from these must not be read back from a decision.
    """
    shown = [name for name in ("name", "phone", "email") if name in cells.columns]
    made = []
    for row in cells.iter_rows(named=True):
        known = " / ".join(plain(row[name]) for name in shown if row[name])
        made.append(row.get("person_id") or (_surrogate("person", known) if known else row.get("loan_id")))
    return pl.Series("person", made, dtype=pl.String)


def _mapped(texts: pl.Series, change: Callable[[str], str | None]) -> pl.Series:
    return pl.Series(
        texts.name, [None if text is None else change(text) for text in texts.to_list()], dtype=pl.String
    )


def _phone_key(text: str, country: str | None) -> str | None:
    try:
        return _surrogate("phone", phone_of(text, country))
    except UnclearPhone:
        return None


def _surrogate(kind: str, address: str) -> str:
    """The same for the same address, and not to be read back at a glance."""
    return f"{kind}-{hashlib.sha256(address.encode()).hexdigest()[:16]}"


def _people(loans: Path) -> pl.DataFrame:
    """Who is who: for today's list, never for a decision."""
    cells = pl.read_parquet(loans)
    names = ("name", "phone", "email")
    shown = [
        pl.col(one) if one in cells.columns else pl.lit(None, dtype=pl.String).alias(one) for one in names
    ]
    people = cells.select(pl.col("person").alias("person_id"), *shown).drop_nulls("person_id")
    named = people.with_columns(_mapped(people["name"], clean_name))
    return named.unique("person_id", keep="first", maintain_order=True)
