"""Today's contact list of another system, as CSV or XLSX: whom it would contact, by what, about what, when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import polars as pl
from pydantic import BaseModel, ConfigDict

from tideover.engine.facts.mapping import SOURCES, FilesRefused
from tideover.engine.facts.mapping.marks import read_marked
from tideover.kit.days import day_of
from tideover.kit.text import ascii_digits

from ._cells import ROW, Sheet, sheets_of
from ._vocabulary import plain, vocabulary

HEADINGS_WITHIN = 10
FILE = "_contact_list.yaml"
LISTED: dict[str, pl.DataType] = {
    "row": pl.Int64(), "person": pl.String(), "loan": pl.String(), "channel": pl.String(), "purpose": pl.String(),
    "said": pl.String(), "day": pl.Int64(), "minute": pl.Int64(),
}  # fmt: skip
"""`said` is their purpose as it stands there; `day` and `minute` are of the person's own clock, NULL where not given."""

ASIDE: dict[str, pl.DataType] = {"row": pl.Int64(), "because": pl.String(), "told": pl.String()}
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?::\d{2}(?:\.\d+)?)?\s*([ap]m)?$", re.IGNORECASE)
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y", "%Y%m%d")


class _ListWords(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    columns: dict[str, list[str]]
    channels: dict[str, list[str]]
    purposes: dict[str, list[str]]


@dataclass(frozen=True)
class ContactList:
    """The rows that can be read, those that cannot with the reason, and the headings that were understood."""

    rows: pl.DataFrame
    set_aside: pl.DataFrame
    columns: Mapping[str, str]


def read_contact_list(
    path: Path, *, channels: Iterable[str], purposes: Iterable[str], overlay: Path | None = None
) -> ContactList:
    """Read a list. FilesRefused where it cannot be read at all, or no column says who is contacted."""
    words = _words(_file(overlay))
    sheet = sheets_of(path)[0]
    number, columns = _columns(sheet, words)
    if not {"person", "loan"} & set(columns.values()):
        raise FilesRefused(
            f"No column of {path.name} says who is contacted. Head one with 'customer id' or 'loan id', or add your "
            f"own words to {FILE} in your content."
        )
    known = _Values(_values(words.channels, channels), _values(words.purposes, purposes))
    good, aside = [], []
    for cells in sheet.below(number).iter_rows(named=True):
        row = {
            columns[letter]: text for letter, text in cells.items() if letter in columns and text is not None
        }
        try:
            good.append({"row": cells[ROW], **known.read(row)})
        except _Unreadable as trouble:
            aside.append(
                {"row": cells[ROW], "because": str(trouble), "told": "; ".join(map(str, row.values()))}
            )
    headings = sheet.row(number)
    return ContactList(
        pl.DataFrame(good, schema=LISTED), pl.DataFrame(aside, schema=ASIDE),
        {field: headings[letter] for letter, field in columns.items()},
    )  # fmt: skip


class _Unreadable(ValueError):
    """What stands in a row cannot be used."""


@dataclass(frozen=True)
class _Values:
    channels: Mapping[str, str]
    purposes: Mapping[str, str]

    def read(self, row: Mapping[str, str]) -> dict[str, object]:
        """One row in our codes. Raises _Unreadable."""
        if not (row.get("person") or row.get("loan")):
            raise _Unreadable("it names neither a person nor a loan")
        channel = self.channels.get(plain(row.get("channel", "")))
        if row.get("channel") and channel is None:
            raise _Unreadable(f"the channel '{row['channel']}' is none we know")
        day, minute = _moment(row.get("at", ""))
        said = row.get("purpose")
        return {
            "person": row.get("person"), "loan": row.get("loan"), "channel": channel,
            "purpose": self.purposes.get(plain(said or "")), "said": said, "day": day, "minute": minute,
        }  # fmt: skip


def _moment(text: str) -> tuple[int | None, int | None]:
    """The day and the minute of the day, each None where it is not said."""
    told = ascii_digits(text).strip().replace("T", " ").removesuffix("Z")
    if not told:
        return None, None
    found = _CLOCK.search(told) if ":" in told or re.fullmatch(r"\d{1,2}\.\d{2}", told) else None
    minute, rest = (_minute(found), told[: found.start()].strip()) if found else (None, told)
    if not rest:
        return None, minute
    for form in _DAYS:
        try:
            day = day_of(datetime.strptime(rest, form).date())  # noqa: DTZ007 - a day of the person's own clock
        except ValueError:
            continue
        is_day_alone = minute == 0 and found is not None and found.group().count(":") == 2
        return day, None if is_day_alone else minute
    raise _Unreadable(f"'{text}' is not a moment; write it as 2026-11-20 10:00")


def _minute(found: re.Match[str]) -> int:
    hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").lower()
    hour = hour % 12 + 12 * (half == "pm") if half else hour
    if hour > 23 or minute > 59:
        raise _Unreadable(f"'{found.group()}' is no time of day")
    return hour * 60 + minute


def _columns(sheet: Sheet, words: _ListWords) -> tuple[int, dict[str, str]]:
    """The row of headings, and what each of its columns holds; the first column of a kind counts."""
    fields = vocabulary().fields
    named = {"person": fields["person_id"].words, "loan": fields["loan_id"].words, **words.columns}
    by_heading = {plain(word): field for field, texts in reversed(named.items()) for word in texts}
    by_heading |= {"borrower id": "person", "person id": "person", "loan id": "loan"}
    best: tuple[int, dict[str, str]] = (1, {})
    for number in range(1, 1 + min(len(sheet.rows), HEADINGS_WITHIN)):
        found: dict[str, str] = {}
        for letter, text in sheet.row(number).items():
            field = by_heading.get(plain(text))
            if field and field not in found.values():
                found[letter] = field
        best = (number, found) if len(found) > len(best[1]) else best
    return best


def _values(words: Mapping[str, list[str]], codes: Iterable[str]) -> dict[str, str]:
    known = {plain(code): code for code in codes}
    lists = vocabulary().todays_list.values()
    told = {plain(name): code for one in lists for code, name in one.channels.items() if code in words}
    return {
        **told,
        **{plain(text): code for code, texts in words.items() for text in texts if plain(code) in known},
        **known,
    }


def _file(overlay: Path | None) -> Path:
    own = overlay / "sources" / FILE if overlay else None
    return own if own is not None and own.is_file() else SOURCES / FILE


@cache
def _words(path: Path) -> _ListWords:
    return _ListWords.model_validate(read_marked(path.read_text(encoding="utf-8")).data)
