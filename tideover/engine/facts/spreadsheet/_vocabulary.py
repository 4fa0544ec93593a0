"""The words lenders use in spreadsheets: headings of columns, frequencies, units, and the headings of today's list."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tideover.engine.facts.mapping import SOURCES
from tideover.engine.facts.mapping.marks import read_marked

FieldKind = Literal["text", "phone", "email", "money", "day", "count", "frequency", "status"]

_ARABIC = str.maketrans({"ي": "ی", "ك": "ک", "ۀ": "ه", "ة": "ه", "\u200c": " ", "\u200f": "", "\u200e": ""})


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Unit(_Strict):
    """A sign beside amounts: its currency, how many of it it stands for (a toman: ten rials), its only country."""

    currency: str
    times: int = 1
    country: str | None = None


class Heading(_Strict):
    """One thing a column can hold."""

    as_: FieldKind = Field(alias="as")
    says: str
    words: list[str]
    needed: bool = False


class ListWords(_Strict):
    """Today's list in one language."""

    sheets: dict[str, str]
    columns: dict[str, str]
    treatments: dict[str, str]
    channels: dict[str, str]


class Vocabulary(_Strict):
    """All of it."""

    fields: dict[str, Heading]
    frequencies: dict[int, list[str]]
    over: list[str]
    units: dict[str, Unit]
    homes: dict[str, str]
    todays_list: dict[str, ListWords]


@cache
def vocabulary(path: Path = SOURCES / "_spreadsheet.yaml") -> Vocabulary:
    """The words of this content."""
    data = read_marked(path.read_text(encoding="utf-8")).data
    assert isinstance(data, dict), "the file ships with the product"  # noqa: S101
    return Vocabulary.model_validate(data)


def plain(text: str) -> str:
    """A heading as it is compared: no case, no punctuation, one space between words, one form of each letter."""
    folded = unicodedata.normalize("NFKC", text).translate(_ARABIC).casefold()
    # Vowel signs of Bengali are marks, not letters, and belong to their word.
    kept = (one if one == "%" or unicodedata.category(one)[0] in "LNM" else " " for one in folded)
    return " ".join("".join(kept).split())
