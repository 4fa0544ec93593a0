"""Where the lender is at home: currency, country, language and time zone, from what the sheet itself says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from babel.core import get_global
from babel.numbers import get_territory_currencies

from tideover.engine.facts.known import STANDARDS
from tideover.engine.facts.mapping import FilesRefused
from tideover.kit.nearest import did_you_mean
from tideover.kit.phones import UnclearPhone, country_of_phone, phone_of

from ._vocabulary import plain, vocabulary

EXAMPLES = {"currency": "EUR", "country": "LV"}


@dataclass(frozen=True)
class Home:
    """What stands for everyone unless the sheet says otherwise. `because` says where each of them comes from."""

    currency: str | None
    country: str | None
    language: str | None
    timezone: str
    because: dict[str, str]

    @property
    def unsure(self) -> tuple[str, ...]:
        """What a person must say before anything is imported."""
        return () if self.currency else ("which currency the amounts are in",)


@dataclass(frozen=True)
class Hints:
    """What a sheet shows: headings, values, and the columns that were understood."""

    headings: tuple[str, ...]
    texts: dict[str, list[str]]
    countries: tuple[str, ...]
    phones: tuple[str, ...]
    language: str | None


def known_code(kind: str, given: str | None) -> str | None:
    """A currency or country as it is spelled. FilesRefused where there is none of that code."""
    code, known = (given or "").upper(), STANDARDS[kind].codes()
    if code and code not in known:
        raise FilesRefused(
            f"There is no {kind} {given!r}.{did_you_mean(code, known)} Give its code of ISO, such as {EXAMPLES[kind]}."
        )
    return code or None


def home_of(
    hints: Hints, *, currency: str | None, country: str | None, language: str | None, timezone: str | None
) -> Home:
    """Each of them as it was given, else as the sheet shows it, else as one follows from the other."""
    because = {
        name: "given"
        for name, value in (("currency", currency), ("country", country), ("language", language))
        if value
    }
    if not currency and (sign := currency_sign(hints.headings, hints.texts.values())):
        currency, because["currency"] = vocabulary().units[sign].currency, f"the sheet says {sign!r}"
    if not language and hints.language:
        language, because["language"] = hints.language, "the headings are in it"
    for found, reason in _countries(hints, currency, language):
        if not country and found:
            country, because["country"] = found, reason
    used = get_territory_currencies(country) if country else []
    if not currency and used:
        currency, because["currency"] = used[0], f"it is the currency of {country}"
    zones = get_global("territory_zones").get(country or "", [])
    if timezone is None and len(zones) == 1:
        timezone, because["timezone"] = zones[0], f"it is the clock of {country}"
    return Home(currency, country, language, timezone or "UTC", because)


def currency_sign(headings: Iterable[str], texts: Iterable[list[str]]) -> str | None:
    """The currency sign or word that stands in a heading or beside an amount."""
    words = [*headings, *(text for column in texts for text in column[:20])]
    for sign in vocabulary().units:
        if any(
            sign in plain(text).split() or (not sign.isalnum() and len(sign) == 1 and sign in text)
            for text in words
        ):
            return sign
    return None


def _countries(hints: Hints, currency: str | None, language: str | None) -> list[tuple[str | None, str]]:
    homes = vocabulary().homes
    return [
        (
            _commonest(one.split("-")[0].upper() for one in hints.countries),
            "most people of the sheet are there",
        ),
        (_commonest(_countries_of(hints.phones)), "most telephone numbers are from there"),
        (homes.get(language or ""), "the headings are in its language"),
        (
            next((one.country for one in vocabulary().units.values() if one.currency == currency), None),
            f"it uses {currency}",
        ),
    ]


def _countries_of(phones: Iterable[str]) -> Iterable[str]:
    for one in phones:
        if one.startswith("+"):
            try:
                yield country_of_phone(phone_of(one)) or ""
            except UnclearPhone:
                continue


def _commonest(values: Iterable[str]) -> str | None:
    counted = Counter(value for value in values if value)
    return min(counted, key=lambda one: (-counted[one], one)) if counted else None
