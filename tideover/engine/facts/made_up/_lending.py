"""Loans and their schedules: how much, for how long, and what falls due when."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _habits as habits
from tideover.engine.facts.made_up._clock import FIRST_DAY, LAST_DAY
from tideover.engine.facts.made_up._draws import Draws, Flags, Ints
from tideover.engine.facts.made_up._frames import glued, numbered
from tideover.engine.facts.made_up._people import People
from tideover.engine.facts.made_up._world import (
    COUNTRIES,
    CURRENCIES,
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
    country: Ints
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
        return np.cumsum([0, *(len(names) for names in PRODUCTS[:-1])])[self.kind] + self.product

    def is_kind(self, kind: int) -> Flags:
        """Which loans are of that kind."""
        flags: Flags = self.kind == kind
        return flags


def lend(folk: People, at: int) -> Loans:
    """The loans of these people, as they would be granted by the book's day."""
    mains = folk.mains
    draws = folk.draws[mains]
    is_lost = draws.happens("lost", LOST)
    earlier, second = draws.happens("earlier", 0.21) & ~is_lost, draws.happens("second", 0.10) & ~is_lost
    has = np.stack((np.ones(len(mains), bool), earlier, second), axis=1)
    who, place = np.nonzero(has)
    person = mains[who]
    own = draws[who].each("loan", place)
    # A few second loans are twins of the first: same terms, same days, same amounts. Ties must be broken by key.
    twin = (place == SECOND) & draws.happens("twin", 0.08)[who]
    terms = draws[who].each("loan", np.where(twin, CURRENT, place))
    country = folk.country[person]
    kind = _kinds(terms, country)
    kind = np.where(is_lost[who] & (kind == REVOLVING), INSTALMENT, kind)
    length, days = _terms(terms, kind)
    begun = np.where(is_lost[who], _long_ago(own, days, at), _begun(terms, days, at))
    before = begun[np.searchsorted(who, who)] - 5 - own.below("pause", 60) - days - WEEK
    return Loans(
        person=person,
        place=place,
        number=folk.number[person],
        draws=own,
        kind=kind,
        product=terms.below("product", np.array([len(names) for names in PRODUCTS])[kind]),
        country=country,
        zone=folk.zone[person],
        currency=_currencies(own, country, place),
        habit=folk.habit[person],
        principal=_principals(terms, country, kind),
        rate=_rates(terms, country, kind),
        length=length,
        step=np.where(kind == MICROFINANCE, WEEK, np.where(kind == ONCE, days, 0)),
        disbursed=np.where(place == EARLIER, before, begun),
        due_day=_due_days(own, folk.due_day[person], place, twin),
        stops=np.where(is_lost[who], own.below("stops", length), length),
    )


def _kinds(draws: Draws, country: Ints) -> Ints:
    cell = draws.chance("kind")
    edges = np.cumsum(np.array([land.kinds for land in COUNTRIES]), axis=1)[country]
    return np.minimum((cell[:, None] >= edges).sum(axis=1), len(KINDS) - 1)


def _terms(draws: Draws, kind: Ints) -> tuple[Ints, Ints]:
    """Instalments and days from first to last."""
    length = np.zeros(len(kind), dtype=np.int64)
    for place, terms in enumerate(TERMS):
        here = np.flatnonzero(kind == place)
        values, shares = zip(*terms, strict=True)
        length[here] = np.array(values)[draws[here].choose("term", shares)]
    months = np.where(kind == INSTALMENT, length, np.where(kind == REVOLVING, CARD_MONTHS, 0))
    days = np.where(kind == MICROFINANCE, length * WEEK, np.where(kind == ONCE, length, (months * MONTH).astype(np.int64)))
    return np.where(kind == ONCE, 1, np.where(kind == REVOLVING, CARD_MONTHS, length)), days


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
    return np.maximum(whole // rounding, 1) * rounding * np.array([land.minor for land in COUNTRIES])[country]


def _rates(draws: Draws, country: Ints, kind: Ints) -> Ints:
    usual = np.array([land.rate_ppm for land in COUNTRIES])[country]
    dearer = np.array([0, 20_000, 60_000, 120_000])[kind]
    return usual + dearer + draws.below("rate", 9) * 5_000 - 20_000


def _due_days(draws: Draws, usual: Ints, place: Ints, twin: Flags) -> Ints:
    other = 1 + draws.below("due day", 28)
    return np.where((place == SECOND) & ~twin & draws.happens("other due day", 0.6), other, usual)


@dataclass(frozen=True)
class Dues:
    """Every instalment of every loan that has a schedule, in order of loan and number."""

    loan: Ints
    """Row of the loan."""
    number: Ints
    due: Ints
    principal: Ints
    interest: Ints
    fees: Ints
    first: Ints
    """Where each loan's instalments begin; one more than there are loans."""

    def __len__(self) -> int:
        return len(self.loan)

    @cached_property
    def amount(self) -> Ints:
        """What is to be paid."""
        return self.principal + self.interest + self.fees


def schedule(loans: Loans) -> Dues:
    """Equal parts of the principal and interest on what is still owed; cards have no schedule."""
    counts = np.where(loans.is_kind(REVOLVING), 0, loans.length)
    first = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts)))
    loan = np.repeat(np.arange(len(loans)), counts)
    before = np.arange(len(loan)) - first[loan]
    share = loans.principal // loans.length
    owed = loans.principal[loan] - before * share[loan]
    is_last = before + 1 == counts[loan]
    days = np.where(loans.step == 0, 30, loans.step)
    admin = np.where(loans.draws.happens("fee", 0.12), loans.principal // 100, 0)
    return Dues(
        loan=loan,
        number=before + 1,
        due=_due(loans, loan, before),
        principal=np.where(is_last, owed, share[loan]),
        interest=_interest(owed, (loans.rate * days)[loan]),
        fees=np.where(before == 0, admin[loan], 0),
        first=first,
    )


def _interest(owed: Ints, rate_days: Ints) -> Ints:
    # Divided in two steps, so that the largest loans in the smallest units stay far below 2^63.
    return owed // 100 * rate_days // (365 * 10_000)


def _due(loans: Loans, loan: Ints, before: Ints) -> Ints:
    month, day = _first_month(loans)
    by_month = _month_day(month[loan] + before, day[loan])
    started = loans.disbursed + np.where(loans.is_kind(ONCE), 0, loans.draws.below("first week", WEEK))
    by_step = started[loan] + (before + 1) * loans.step[loan]
    return np.where(loans.step[loan] == 0, by_month, by_step)


def _first_month(loans: Loans) -> tuple[Ints, Ints]:
    """The month of the first due day: at least twenty days after the money was paid out."""
    earliest = loans.disbursed + 20
    month = np.searchsorted(month_starts(), earliest, side="right") - 1
    return month + (_month_day(month, loans.due_day) < earliest), loans.due_day


def month_starts() -> Ints:
    """First days of the months from FIRST_DAY on, as day numbers."""
    months = np.arange(np.datetime64(FIRST_DAY, "D").astype("M8[M]"), np.datetime64(LAST_DAY, "D").astype("M8[M]"))
    return months.astype("M8[D]").astype(np.int64)


def _month_day(month: Ints, day: Ints) -> Ints:
    """That day of the month, or its last day where it is shorter."""
    starts = month_starts()
    return starts[month] + np.minimum(day, starts[month + 1] - starts[month]) - 1
