"""What the texts of a column look like: dates in which format, amounts in which notation, telephone numbers, codes."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl
from babel.numbers import list_currencies

from tideover.engine.facts.mapping.reading_text import Parse, Reading, parse, read

from ._vocabulary import FieldKind, plain, vocabulary

SpecValue = str | list[str] | int
_DATES = (
    ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d"],
    ["%d.%m.%Y"],
    ["%d.%m.%Y."],
    ["%d/%m/%Y"],
    ["%m/%d/%Y"],
    ["%d-%m-%Y"],
    ["%Y/%m/%d"],
    ["%Y.%m.%d"],
    ["%d %b %Y"],
    ["%d-%b-%Y"],
    ["%d.%m.%y"],
    ["%d/%m/%y"],
    ["%m/%d/%y"],
    ["jalali"],
    ["excel"],
)
_MONTH_FIRST = {"%m/%d/%Y", "%m/%d/%y"}
_NOTATIONS = ((".", ""), (".", ","), (",", "."), (",", " "), (",", ""), (".", " "), (".", "'"))
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_PHONE = re.compile(r"^\+?[\d\s().-]{7,20}$")
_NOT_OF_A_NUMBER = re.compile(r"[^\d\s.,'+\-()%\u066b\u066c]+")


_UNCLEAR_DAY = "day and month could be the other way round"


@dataclass(frozen=True)
class Fit:
    """How many of the texts fit a kind (0 to 1), how they are written, and what a person should know about it."""

    share: float
    spec: dict[str, SpecValue] = field(default_factory=dict)
    note: str = ""


def fit(texts: Sequence[str], kind: FieldKind, currency: str, *, month_first: bool) -> Fit:
    """How well the texts of a column fit what a field holds."""
    if not texts:
        return Fit(0.0, note="the column is empty")
    if kind == "day":
        return _dates(texts, month_first=month_first)
    if kind == "money":
        return _amounts(texts, currency)
    return Fit(_shares(kind)(texts))


def as_parse(kind: FieldKind, spec: dict[str, SpecValue]) -> dict[str, SpecValue | bool]:
    """The way to read such a column, in the words of a mapping's `parse`."""
    own = {key: value for key, value in spec.items() if key != "times"}
    as_ = {"day": "day", "money": "money", "count": "count"}.get(kind, "text")
    digits: dict[str, SpecValue | bool] = {"digits": "any"} if as_ != "text" else {}
    return {"as": as_, **digits, **own}


def readable(texts: Sequence[str], said: dict[str, SpecValue | bool], currency: str) -> float:
    """The share of texts that can be read in that way."""
    column = parse("x", Parse.model_validate(said), Reading(currency, "UTC"))
    rows, (rejected,) = read(pl.LazyFrame({"x": texts}, schema={"x": pl.String}), [column])
    return float(rows.select(pl.col(rejected).is_null().mean()).collect().item())


def _dates(texts: Sequence[str], *, month_first: bool) -> Fit:
    """The format most texts fit. Date cells arrive as ISO texts and are read beside whatever else is there."""
    shares = {forms[0]: readable(texts, _as_day(forms), "EUR") for forms in _DATES}
    usual = "%m/%d/%Y" if month_first else "%d/%m/%Y"

    def worse(form: str) -> tuple[float, bool, bool]:
        return (-shares[form], form != usual, (form in _MONTH_FIRST) != month_first)

    best = min((forms[0] for forms in _DATES[1:]), key=worse)
    twins = [one for one in _MONTH_FIRST if best == one.replace("%m/%d", "%d/%m")]
    unclear = any(shares[one] == shares[best] > 0 for one in twins)
    formats = [best, *_DATES[0]]
    return Fit(readable(texts, _as_day(formats), "EUR"), {"format": formats}, _UNCLEAR_DAY if unclear else "")


def _as_day(formats: list[str]) -> dict[str, SpecValue | bool]:
    return {"as": "day", "digits": "any", "format": formats}


def _amounts(texts: Sequence[str], currency: str) -> Fit:
    signs = _signs(texts)
    without = sorted(signs)
    best = Fit(-1.0)
    for decimal, thousands in _NOTATIONS:
        spec: dict[str, SpecValue] = {"decimal": decimal, "thousands": thousands, "without": without}
        share = readable(texts, {"as": "money", "digits": "any", **spec}, currency)
        if share > best.share:
            best = Fit(share, spec)
    times = [
        unit.times
        for sign in without
        if (unit := vocabulary().units.get(plain(sign) or sign)) and unit.times > 1
    ]
    return Fit(best.share, {**best.spec, **({"times": times[0]} if times else {})}, best.note)


def _signs(texts: Sequence[str]) -> Counter[str]:
    """Currencies beside digits. Any other word in an amount is a mistake that a person must see."""
    beside_digits = (text for text in texts if any(one.isdecimal() for one in text))
    return Counter(
        sign for text in beside_digits for sign in {*_NOT_OF_A_NUMBER.findall(text)} if _is_currency(sign)
    )


def _is_currency(sign: str) -> bool:
    known = sign.upper() in list_currencies() or plain(sign) in vocabulary().units
    return known or all(unicodedata.category(one) == "Sc" for one in sign)


def _shares(kind: FieldKind) -> Callable[[Sequence[str]], float]:
    words = vocabulary()
    frequencies = {plain(one) for listed in words.frequencies.values() for one in listed}
    tests: dict[str, Callable[[str], bool]] = {
        "email": lambda text: bool(_EMAIL.match(text)),
        "phone": lambda text: bool(_PHONE.match(text)) and sum(one.isdigit() for one in text) >= 7,
        "frequency": lambda text: plain(text) in frequencies,
        "text": bool,
        "status": lambda text: len(text) <= 40,
    }
    if kind == "count":
        return lambda texts: readable(texts, {"as": "count", "digits": "any"}, "EUR")
    return lambda texts: sum(tests[kind](text) for text in texts) / len(texts)
