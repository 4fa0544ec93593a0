"""Amounts as people write and read them: typed in any script, shown in the reader's own."""

import re
from dataclasses import dataclass
from functools import lru_cache
from threading import local

from babel.numbers import get_decimal_symbol
from icu4py.messageformat import MessageFormat

from tideover.kit.money import LARGEST, UnclearAmount, decimal_of, decimals
from tideover.kit.text import ascii_digits, locale_of, without_bidi_controls

_SPACES = re.compile(r"[ \u00a0\u2007\u2009\u202f]")
_SPELLINGS = str.maketrans({"\u2212": "-", "\u2019": "'", "\u060c": ","})
_BODY = re.compile(r"[0-9]([0-9.,' \u066b\u066c]*[0-9])?")
_MARK = re.compile(r"[^0-9]")
_ARABIC_DECIMAL = "\u066b"
_NEVER_DECIMAL = frozenset(" '\u066c")
_MOST_DIGITS = 40
# What people write where CLDR has another sign.
_WRITTEN = {"BDT": ("Tk.", "Tk"), "INR": ("Rs.", "Rs"), "PKR": ("Rs.", "Rs"), "VND": ("đ",)}


def read_amount(text: str, currency: str, *, locale: str | None = None) -> int:
    """The amount a person typed, in minor units: "1 234,50", "1,234.50", "১২,৩৪,৫৬৭", "۱٬۲۳۴٫۵۰", "€ 12".

    Both decimal marks and both groupings (by three, and the Indian lakh) are read. What has two readings,
    such as "1.234" for euros or dinars, is decided by `locale` or refused; so is every notation for machines
    (1e3, 1_000, NaN).
    """
    written = _without_currency(_plain(text), currency, locale or "en")
    digits = _Typed(text, written.removeprefix("-").strip(), currency, locale).digits()
    minor = -int(digits) if written.startswith("-") else int(digits)
    if abs(minor) > LARGEST:
        raise UnclearAmount(f"{text.strip()!r} is more money than can be kept.")
    return minor


def show_amount(minor: int, currency: str, locale: str) -> str:
    """The amount as a reader of that language expects it: digits, grouping, place of the currency."""
    places = decimals(currency)
    precision = "." + "0" * places if places else "precision-integer"
    return _formatted(f"currency/{currency} {precision}", minor, currency, locale)


@dataclass(frozen=True)
class _Typed:
    """Digits and marks as typed, without sign and currency, and what helps to understand them."""

    text: str  # in full, for what we answer
    body: str
    currency: str
    locale: str | None

    def digits(self) -> str:
        """All digits down to the minor unit."""
        if not _BODY.fullmatch(self.body) or len(self.body) > _MOST_DIGITS:
            raise self._unclear("is not an amount. Write digits only")
        place = self._decimal_place()
        if place is None:
            return self._whole(self.body) + self._fraction("")
        return self._whole(self.body[:place]) + self._fraction(self.body[place + 1 :])

    def _decimal_place(self) -> int | None:
        """Where the decimal mark is; None if every mark groups."""
        marks = _MARK.findall(self.body)
        if not marks or marks[-1] in _NEVER_DECIMAL:
            return None
        last, place = marks[-1], self.body.rindex(marks[-1])
        if last == _ARABIC_DECIMAL or len(set(marks)) > 1:
            return place if marks.count(last) == 1 else None
        if not _is_grouped(self.body, last):
            return place if len(marks) == 1 else None
        return place if len(marks) == 1 and not self._groups(last) else None

    def _groups(self, mark: str) -> bool:
        """Whether a mark that could be either stands between groups."""
        if decimals(self.currency) == 0:
            return True
        if self.locale is None:
            raise self._unclear("can be read in two ways. Write it without grouping")
        return get_decimal_symbol(locale_of(self.locale)) != mark

    def _whole(self, written: str) -> str:
        marks = set(_MARK.findall(written))
        if not marks:
            return written
        mark = marks.pop()
        if marks or mark == _ARABIC_DECIMAL or not _is_grouped(written, mark):
            raise self._unclear("is not clearly one amount. Write it without grouping")
        return written.replace(mark, "")

    def _fraction(self, written: str) -> str:
        places = decimals(self.currency)
        spare = written[places:]
        # Three digits after a mark may be a group mistyped: zeros there are no harmless decimals.
        if spare.strip("0") or (spare and len(written) == 3):
            raise self._unclear(f"is too exact, {self.currency} has {places} decimals. Write it")
        return written[:places].ljust(places, "0")

    def _unclear(self, why: str) -> UnclearAmount:
        example = decimal_of(123456, self.currency)
        return UnclearAmount(f"{self.text.strip()!r} {why}, such as {example}.")


def _is_grouped(written: str, mark: str) -> bool:
    """Groups of three, or a last group of three after groups of two."""
    first, *rest = written.split(mark)
    sizes = [len(one) for one in rest]
    by_three = len(first) <= 3 and all(size == 3 for size in sizes)
    by_lakh = len(first) <= 2 and sizes[-1] == 3 and all(size == 2 for size in sizes[:-1])
    return first[:1] not in {"", "0"} and (by_three or by_lakh)


def _plain(text: str) -> str:
    digits = ascii_digits(without_bidi_controls(text)).translate(_SPELLINGS)
    return _SPACES.sub(" ", digits).strip().removesuffix("/-").strip()


def _without_currency(written: str, currency: str, locale: str) -> str:
    for name in _names(currency, locale):
        if written.removeprefix("-").strip().startswith(name):
            return written.replace(name, "", 1).strip()
        if written.endswith(name):
            return written.removesuffix(name).strip()
    return written


@lru_cache(maxsize=512)
def _names(currency: str, locale: str) -> tuple[str, ...]:
    """What may stand beside the digits: the code, the sign known everywhere, the sign in that language."""
    decimals(currency)  # an unknown currency is refused before anything is read
    shown = (
        _formatted(f"currency/{currency} precision-integer{width}", 0, currency, tag)
        for tag in (locale, "en")
        for width in (" unit-width-narrow", "")
    )
    signs = {re.sub(r"[\d\s]", "", without_bidi_controls(one)) for one in shown}
    names = signs | {currency, currency.lower(), *_WRITTEN.get(currency, ())}
    return tuple(sorted(names - {""}, key=len, reverse=True))


class _Patterns(local):
    """ICU patterns are costly to build and not made for two threads at once: each thread keeps its own."""

    def __init__(self) -> None:
        self.built: dict[tuple[str, str], MessageFormat] = {}


_patterns = _Patterns()


def _formatted(skeleton: str, minor: int, currency: str, locale: str) -> str:
    key = (skeleton, locale)
    if key not in _patterns.built:
        tag = str(locale_of(locale))
        _patterns.built[key] = MessageFormat(f"{{amount, number, ::{skeleton}}}", tag)
    return str(_patterns.built[key].format({"amount": decimal_of(minor, currency)}))
