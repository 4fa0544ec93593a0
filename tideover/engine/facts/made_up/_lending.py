"""Loans and their schedules: how much, for how long, and what falls due when."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _habits as habits
from tideover.engine.facts.made_up._countries import COUNTRIES, CURRENCIES
from tideover.engine.facts.made_up._draws import Draws, Flags, Ints
from tideover.engine.facts.made_up._frames import glued, numbered
from tideover.engine.facts.made_up._people import People
from tideover.engine.facts.made_up._world import (
    INSTALMENT,
    KINDS,
    MICROFINANCE,
    ONCE,
    PRODUCTS,
    REVOLVING,
    SIZES,
    TERMS,
)

CURRENT, EARLIER, SECOND = range(3)
"""What a loan is to its borrower: today's, one before it, one beside it."""
WEEK = 7
MONTH = 30.4
"""Days in a month, roughly; only for spreading loans over time."""
LOST = 0.034
"""Share of borrowers whose only loan was given up long ago and still stands in the books."""
CARD_MONTHS = 18
"""Longest history of a card."""


@dataclass(frozen=True)
class Loans:
    """Columns of one length, in order of borrower and place."""

    person: Ints
    """Row of the borrower among the people."""
    place: Ints
    """CURRENT, EARLIER or SECOND."""
    number: Ints
    draws: Draws
    kind: Ints
    """Position in KINDS."""
    product: Ints
    """Position among the products of its kind."""
    zone: Ints
    currency: Ints
    habit: Ints
    principal: Ints
    rate: Ints
    """Interest a year in parts per million."""
    length: Ints
    """Instalments; for a card the months of its history."""
    step: Ints
    """Days between instalments; 0 for months."""
    disbursed: Ints
    due_day: Ints
    stops: Ints
    """Instalments before the one from which nothing is paid any more; `length` where that is not to be."""

    def __len__(self) -> int:
        return len(self.person)

    @cached_property
    def digits(self) -> pl.Series:
        """What is shared by the ids of a loan and of all that belongs to it."""
        return glued(numbered(self.number, 8), "-", numbered(self.place))

    @cached_property
    def ids(self) -> pl.Series:
        """loan_id."""
        return glued("l", self.digits)

    @cached_property
    def product_place(self) -> Ints:
        """Position among the products of all kinds."""
        before = np.cumsum([0, *(len(names) for names in PRODUCTS[:-1])])
        places: Ints = before[self.kind] + self.product
        return places

    def is_kind(self, kind: int) -> Flags:
        """Which loans are of that kind."""
        flags: Flags = self.kind == kind
        return flags


def lend(folk: People, at: int) -> Loans:
    """The loans of these people, as they would be granted by the book's day."""
    who, place, is_lost = _places(folk)
    person = folk.mains[who]
    draws = folk.draws[person]
    own = draws.each("loan", place)
    # A few second loans are twins of the first: same terms, same days, same amounts. Ties must be broken by key.
    is_twin = (place == SECOND) & draws.happens("twin", 0.08)
    agreed = _agree(draws.each("loan", np.where(is_twin, CURRENT, place)), folk.country[person], is_lost, at)
    begun = np.where(is_lost, _long_ago(own, agreed.days, at), agreed.begun)
    before = begun[np.searchsorted(who, who)] - 5 - own.below("pause", 60) - agreed.days - WEEK
    return Loans(
        person=person,
        place=place,
        number=folk.number[person],
        draws=own,
        kind=agreed.kind,
        product=agreed.product,
        zone=folk.zone[person],
        currency=_currencies(own, folk.country[person], place),
        habit=folk.habit[person],
        principal=agreed.principal,
        rate=agreed.rate,
        length=agreed.length,
        step=np.where(agreed.kind == MICROFINANCE, WEEK, np.where(agreed.kind == ONCE, agreed.days, 0)),
        disbursed=np.where(place == EARLIER, before, begun),
        due_day=_due_days(own, folk.due_day[person], place, is_twin),
        stops=np.where(is_lost, own.below("stops", agreed.length), agreed.length),
    )


def _places(folk: People) -> tuple[Ints, Ints, Flags]:
    """Of each loan: which borrower among them, what it is to the borrower, and whether it was given up."""
    draws = folk.draws[folk.mains]
    is_lost = draws.happens("lost", LOST)
    earlier, second = draws.happens("earlier", 0.21) & ~is_lost, draws.happens("second", 0.10) & ~is_lost
    who, place = np.nonzero(np.stack((np.ones(len(draws), bool), earlier, second), axis=1))
    return who, place, is_lost[who]


@dataclass(frozen=True)
class _Agreed:
    """What was agreed; twins agreed the same."""

    kind: Ints
    product: Ints
    length: Ints
    days: Ints
    """From the first day to the last."""
    principal: Ints
    rate: Ints
    begun: Ints


def _agree(draws: Draws, country: Ints, is_lost: Flags, at: int) -> _Agreed:
    drawn = _kinds(draws, country)
    kind = np.where(is_lost & (drawn == REVOLVING), INSTALMENT, drawn)
    length, days = _terms(draws, kind)
    return _Agreed(
        kind=kind,
        product=draws.below("product", np.array([len(names) for names in PRODUCTS])[kind]),
        length=length,
        days=days,
        principal=_principals(draws, country, kind),
        rate=_rates(draws, country, kind),
        begun=_begun(draws, days, at),
    )


def _kinds(draws: Draws, country: Ints) -> Ints:
    edges = np.cumsum(np.array([land.kinds for land in COUNTRIES]), axis=1)[country]
    passed: Ints = (draws.chance("kind")[:, None] >= edges).sum(axis=1)
    return np.minimum(passed, len(KINDS) - 1)


def _terms(draws: Draws, kind: Ints) -> tuple[Ints, Ints]:
    """Instalments, and days from first to last."""
    drawn = np.zeros(len(kind), dtype=np.int64)
    for place, terms in enumerate(TERMS):
        here = np.flatnonzero(kind == place)
        values, shares = zip(*terms, strict=True)
        drawn[here] = np.array(values)[draws[here].choose("term", shares)]
    length = np.choose(kind, [drawn, drawn, np.full_like(drawn, CARD_MONTHS), np.ones_like(drawn)])
    months = (length * MONTH).astype(np.int64)
    return length, np.choose(kind, [months, length * WEEK, months, drawn])


def _begun(draws: Draws, days: Ints, at: int) -> Ints:
    """Loans run evenly from just paid out to just repaid; one in twenty should have been repaid by now."""
    return at - 1 - (draws.chance("progress") * 1.04 * (days + 10)).astype(np.int64)


def _long_ago(draws: Draws, days: Ints, at: int) -> Ints:
    """Loans that were given up: they should have been repaid long since."""
    return at - days - WEEK - draws.quantile("given up", habits.AGES_OF_LOST)


def _currencies(draws: Draws, country: Ints, place: Ints) -> Ints:
    """A few second loans are in another currency: sums must not mix them."""
    own = np.array([CURRENCIES.index(land.currency) for land in COUNTRIES])[country]
    return np.where((place == SECOND) & draws.happens("foreign", 0.02), CURRENCIES.index("USD"), own)


def _principals(draws: Draws, country: Ints, kind: Ints) -> Ints:
    middling = np.array([land.principal for land in COUNTRIES])[country]
    rounding = np.array([land.rounding for land in COUNTRIES])[country]
    share = np.array([1_000, 1_000, 800, 300])[kind]
    whole = middling * draws.quantile("size", SIZES) // 1_000 * share // 1_000
    amounts: Ints = (
        np.maximum(whole // rounding, 1) * rounding * np.array([land.minor for land in COUNTRIES])[country]
    )
    return amounts


def _rates(draws: Draws, country: Ints, kind: Ints) -> Ints:
    usual = np.array([land.rate_ppm for land in COUNTRIES])[country]
    dearer = np.array([0, 20_000, 60_000, 120_000])[kind]
    rates: Ints = usual + dearer + draws.below("rate", 9) * 5_000 - 20_000
    return rates


def _due_days(draws: Draws, usual: Ints, place: Ints, twin: Flags) -> Ints:
    other = 1 + draws.below("due day", 28)
    return np.where((place == SECOND) & ~twin & draws.happens("other due day", 0.6), other, usual)
