"""What the texts of a column look like: dates in which format, amounts in which notation, telephone numbers, codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl

from tideover.engine.facts.mapping.reading_text import Parse, Reading, parse

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
    rows = pl.DataFrame({"x": texts}, schema={"x": pl.String})
    return 1.0 - float(rows.select(column.wrong.mean()).item())


def _dates(texts: Sequence[str], *, month_first: bool) -> Fit:
    shares = {forms[0]: readable(texts, {"as": "day", "digits": "any", "format": forms}, "EUR") for forms in _DATES}
    order = sorted(_DATES, key=lambda forms: (-shares[forms[0]], (forms[0] in _MONTH_FIRST) != month_first))
    best = order[0]
    iso = [form for form in _DATES[0] if form not in best]
    twin = [one for one in shares if one in _MONTH_FIRST and one[-2:] == best[0][-2:] and "/" in best[0]]
    unclear = best[0] not in _MONTH_FIRST and any(shares[one] == shares[best[0]] > 0 for one in twin)
    note = "day and month could be the other way round" if unclear else ""
    spec: dict[str, SpecValue] = {"format": [*best, *iso]}
    return Fit(readable(texts, {"as": "day", "digits": "any", **spec}, "EUR"), spec, note)


def _amounts(texts: Sequence[str], currency: str) -> Fit:
    signs = _signs(texts)
    without = [sign for sign, count in signs.items() if count >= max(1, len(texts) // 20)]
    best = Fit(-1.0)
    for decimal, thousands in _NOTATIONS:
        spec: dict[str, SpecValue] = {"decimal": decimal, "thousands": thousands, "without": without}
        share = readable(texts, {"as": "money", "digits": "any", **spec}, currency)
        if share > best.share:
            best = Fit(share, spec)
    times = [unit.times for sign in without if (unit := vocabulary().units.get(plain(sign) or sign)) and unit.times > 1]
    return Fit(best.share, {**best.spec, **({"times": times[0]} if times else {})}, best.note)


def _signs(texts: Sequence[str]) -> Counter[str]:
    """Signs and words beside the digits: the currency, mostly."""
    return Counter(sign for text in texts for sign in {*_NOT_OF_A_NUMBER.findall(text)} if len(sign) <= 8)


def _shares(kind: FieldKind) -> Callable[[Sequence[str]], float]:
    words = vocabulary()
    frequencies = {plain(one) for listed in words.frequencies.values() for one in listed}
    tests: dict[str, Callable[[str], bool]] = {
        "email": lambda text: bool(_EMAIL.match(text)),
        "phone": lambda text: bool(_PHONE.match(text)) and sum(one.isdigit() for one in text) >= 7,
        "frequency": lambda text: plain(text) in frequencies,
        "text": lambda text: bool(text),
        "status": lambda text: len(text) <= 40,
    }
    if kind == "count":
        return lambda texts: readable(texts, {"as": "count", "digits": "any"}, "EUR")
    return lambda texts: sum(tests[kind](text) for text in texts) / len(texts)
