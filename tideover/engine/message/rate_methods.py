"""rates.yaml: by which method the rate a year is told in a country."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from babel.core import get_global

from tideover.engine.policy.content import ContentRefused, Problem, read_document, validated
from tideover.engine.policy.lists import Strict, find
from tideover.kit.rates import Method

FILE = "rates.yaml"


class _Reference(Strict):
    title: str
    href: str


class _OfMethod(Strict):
    reference: tuple[_Reference, ...]
    countries: tuple[str, ...]


class RateMethods(Strict):
    """The whole file."""

    methods: dict[Method, _OfMethod]
    otherwise: Method

    def method_in(self, country: str) -> Method:
        """The method of a country, or of one of its regions (BR-SP)."""
        return self._named(country) or self.otherwise

    def is_named(self, country: str) -> bool:
        """Whether a law there is known to name a method."""
        return self._named(country) is not None

    def _named(self, country: str) -> Method | None:
        place = country.partition("-")[0].upper()
        return next((name for name, it in self.methods.items() if place in it.countries), None)


def read_rate_methods(overlay: Path | None = None) -> RateMethods:
    """The lender's file, or the shipped one. Raises ContentRefused."""
    problems: list[Problem] = []
    document = read_document(find(FILE, overlay), FILE)
    told = validated(document, RateMethods, problems)
    if told is None:
        raise ContentRefused(problems)
    named = Counter(country for it in told.methods.values() for country in it.countries)
    known = get_global("territory_zones").keys()
    for method, it in told.methods.items():
        for country in it.countries:
            where = ("methods", method, "countries")
            if country not in known:
                problems.append(document.problem(where, f"{country!r} is no country; write it as LV"))
            if named[country] > 1:
                problems.append(document.problem(where, f"{country} is named twice; keep one"))
    if problems:
        raise ContentRefused(problems)
    return told


def check_rate_methods(overlay: Path | None = None) -> list[Problem]:
    """Every problem of the file."""
    try:
        read_rate_methods(overlay)
    except ContentRefused as refused:
        return refused.problems
    return []
