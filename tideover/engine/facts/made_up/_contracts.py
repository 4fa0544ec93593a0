"""The tables `loans` and `parties`: what was lent to whom, and who else stands in it."""

from __future__ import annotations

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._draws import Ints
from tideover.engine.facts.made_up._frames import UNKNOWN, Rows, coded, frame, gathered
from tideover.engine.facts.made_up._lending import CURRENT, Dues, Loans
from tideover.engine.facts.made_up._people import CO_BORROWER, EXECUTOR, GUARANTOR, REPRESENTATIVE, ROLES, People
from tideover.engine.facts.made_up._world import CURRENCIES, KINDS, MICROFINANCE, ONCE, PRODUCTS, PURPOSES

_ALL, _OWN_PART, _NOTHING = range(3)
_TOLD = ("all", "own_part", "nothing")
_LIMITATION_DAYS = 365 * 6
"""Days after the last due day from which a made-up lender can no longer claim."""


def closed_on(loans: Loans, dues: Dues, settled: Ints) -> Ints:
    """The day the last instalment was paid; UNKNOWN while the loan is open. Cards stay open."""
    last = np.full(len(loans), UNKNOWN)
    has = dues.first[1:] > dues.first[:-1]
    last[has] = settled[dues.first[1:][has] - 1]
    return last


def loans_table(folk: People, loans: Loans, dues: Dues, closed: Ints, closed_at: Ints, history: bool) -> Rows:
    """The table `loans`: recorded when the money is paid out, and again when all is repaid."""
    paid_out = clock.moment(loans.zone, loans.disbursed, 9 * 60)
    final = np.full(len(loans), UNKNOWN)
    has = dues.first[1:] > dues.first[:-1]
    final[has] = dues.due[dues.first[1:][has] - 1]
    names = [name for products in PRODUCTS for name in products]
    first = np.cumsum([0, *(len(products) for products in PRODUCTS[:-1])])
    table = frame(
        "loans",
        loan_id=loans.ids,
        borrower_id=gathered(folk.ids, loans.person),
        product=coded(names, first[loans.kind] + loans.product),
        kind=coded(KINDS, loans.kind),
        purpose=coded([name for purposes in PURPOSES for name in purposes], first[loans.kind] + loans.product),
        currency=coded(CURRENCIES, loans.currency),
        principal=loans.principal,
        annual_rate_ppm=loans.rate,
        frequency=coded(("weekly", "once", "monthly"), _frequency(loans)),
        disbursed_on=loans.disbursed,
        closed_on=closed,
        limitation_on=np.where(has, final + _LIMITATION_DAYS, UNKNOWN),
        recorded_at=np.maximum(paid_out, closed_at),
    )
    if not history:
        return Rows(table)
    opened = pl.lit(pl.Series(paid_out * 1_000_000).cast(table.schema["recorded_at"])).alias("recorded_at")
    before = table.with_columns(pl.lit(None, pl.Date).alias("closed_on"), opened)
    return Rows(table, (before.filter(pl.Series(closed != UNKNOWN)),))


def _frequency(loans: Loans) -> Ints:
    return np.where(loans.is_kind(MICROFINANCE), 0, np.where(loans.is_kind(ONCE), 1, 2))


def standing_in(folk: People, loans: Loans) -> tuple[Ints, Ints]:
    """Rows of the people who stand in somebody else's loan, and rows of those loans: the borrower's first."""
    others = np.flatnonzero(folk.part > 0)
    first = np.flatnonzero(loans.place == CURRENT)
    return others, first[np.searchsorted(loans.number[first], folk.number[others])]


def parties(folk: People, loans: Loans, at: int, history: bool) -> Rows:
    """The table `parties`, the borrowers themselves included where somebody else stands in the loan."""
    others, loan = standing_in(folk, loans)
    person = np.concatenate((others, loans.person[np.unique(loan)]))
    loan = np.concatenate((loan, np.unique(loan)))
    order = np.lexsort((folk.role[person], loan))
    person, loan = person[order], loan[order]
    begun = clock.moment(folk.zone[person], loans.disbursed[loan], 9 * 60)
    released = folk.draws[person].happens("released", 0.02) & (folk.role[person] > 0)
    day = loans.disbursed[loan] + 1 + folk.draws[person].below("released", np.maximum(at - loans.disbursed[loan] - 1, 1))
    ended = clock.by_day(folk.draws[person], "released at", folk.zone[person], np.where(released, day, UNKNOWN))
    table = frame(
        "parties",
        loan_id=gathered(loans.ids, loan),
        person_id=gathered(folk.ids, person),
        role=coded(ROLES, folk.role[person]),
        may_be_told=coded(_TOLD, _may_be_told(folk, person)),
        from_at=begun,
        until_at=np.where(ended > begun, ended, UNKNOWN),
        recorded_at=np.maximum(begun, ended),
    )
    if not history:
        return Rows(table)
    later = table.filter(pl.col("until_at").is_not_null())
    blank = pl.lit(None, table.schema["until_at"]).alias("until_at")
    return Rows(table, (later.with_columns(blank, pl.col("from_at").alias("recorded_at")),))


def _may_be_told(folk: People, person: Ints) -> Ints:
    role = folk.role[person]
    everything = np.isin(role, (0, CO_BORROWER, REPRESENTATIVE, EXECUTOR))
    return np.where(everything, _ALL, np.where(role == GUARANTOR, _OWN_PART, _NOTHING))
