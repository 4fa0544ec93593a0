"""Which column of a spreadsheet holds what: guessed, shown to the person, kept as YAML, and read back confirmed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tideover.engine.facts.mapping import MappingRefused
from tideover.engine.facts.mapping.marks import read_marked
from tideover.kit.nearest import did_you_mean

from ._vocabulary import vocabulary

UNNAMED = "XXX"
"""The code of ISO 4217 for no currency: what a guess says when nothing names one."""

_COMMENT = """\
# Which column of the spreadsheet holds what. Correct it where it is wrong, remove what is not meant, and import again
# with this file. A column's letter and heading must be those of the sheet; `format`, `decimal` and `thousands` say how
# its texts are written.
"""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Column(_Strict):
    """One column: where it is, what heads it, and how its texts are written."""

    column: Annotated[str, Field(pattern=r"^[A-Z]{1,3}$")]
    heading: str
    format: list[str] = []
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    without: list[str] = []
    times: int = 1
    confidence: float = 1.0
    because: str = "confirmed"


class SheetColumns(_Strict):
    """The columns of one sheet, by what they hold (the names of `fields` in the vocabulary)."""

    sheet: str
    heading_row: int = 1
    columns: dict[str, Column]


class Confirmed(_Strict):
    """All that an import of a spreadsheet needs to know."""

    format: Literal[1] = 1
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    country: str | None = None
    language: str | None = None
    timezone: str = "UTC"
    frequency: Literal["monthly", "weekly", "fortnightly", "daily"] = "monthly"
    known_on: date | None = None
    loans: SheetColumns
    payments: SheetColumns | None = None

    def save(self, path: Path) -> Path:
        """Write it where a person can edit it."""
        said = {"format": 1, "currency": self.currency, "frequency": self.frequency}
        said |= self.model_dump(exclude_none=True, exclude_defaults=True)
        text = yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=130)
        path.write_text(_COMMENT + text, encoding="utf-8")
        return path


def read_confirmed(path: Path) -> Confirmed:
    """The columns a person has confirmed. MappingRefused tells every mistake with its line."""
    marked = read_marked(path.read_text(encoding="utf-8"))
    told = [f"{path.name}:{marked.line(one.at)}: {one.says}" for one in marked.problems]
    try:
        confirmed = Confirmed.model_validate(marked.data)
    except ValidationError as error:
        known = [*Confirmed.model_fields, *SheetColumns.model_fields, *Column.model_fields]
        for one in error.errors():
            word = str(one["loc"][-1]) if one["loc"] else ""
            hint = did_you_mean(word, known) if one["type"] == "extra_forbidden" else ""
            told.append(
                f"{path.name}:{marked.line(one['loc'])}: {'.'.join(map(str, one['loc']))}: {one['msg']}.{hint}"
            )
        raise MappingRefused(told) from None
    told += _unknown_fields(confirmed, path.name)
    if confirmed.currency == UNNAMED:
        told.append(
            f"{path.name}:{marked.line(('currency',))}: say which currency the amounts are in, such as EUR."
        )
    if told:
        raise MappingRefused(told)
    return confirmed


def _unknown_fields(confirmed: Confirmed, name: str) -> list[str]:
    known = vocabulary().fields
    return [
        f"{name}: {field!r} is nothing a column can hold.{did_you_mean(field, known)} Known: {', '.join(known)}."
        for sheet in (confirmed.loans, confirmed.payments)
        if sheet
        for field in sheet.columns
        if field not in known
    ]
