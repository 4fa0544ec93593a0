"""The table `instalments`: unpaid when the loan is paid out, then one version for each change."""

from __future__ import annotations

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._draws import Flags, Ints
from tideover.engine.facts.made_up._frames import UNKNOWN, Rows, frame, gathered
from tideover.engine.facts.made_up._lending import Dues, Loans
from tideover.engine.facts.made_up._money import Paid


def instalments(loans: Loans, dues: Dues, paid: Paid, history: bool) -> Rows:
    """The table; `history` asks for the earlier versions too."""
    made = clock.moment(loans.zone, loans.disbursed, 9 * 60)[dues.loan]
    done = paid.settled != UNKNOWN
    begun = paid.part_at != UNKNOWN
    amount = np.where(done, dues.amount, paid.part)
    when = np.where(done, np.maximum(paid.settled_at, made + 60), np.where(begun, paid.part_at, made))
    latest = _instalments(loans, dues, np.arange(len(dues)), amount, paid.settled, when)
    if not history:
        return Rows(latest)
    return Rows(latest, _earlier_instalments(loans, dues, paid, made, done, begun))


def _earlier_instalments(loans: Loans, dues: Dues, paid: Paid, made: Ints, done: Flags, begun: Flags) -> tuple[pl.DataFrame, ...]:
    fresh, halves = np.flatnonzero(done | begun), np.flatnonzero(done & begun)
    back = np.flatnonzero(paid.bounced_at != UNKNOWN)
    nothing = np.zeros(len(dues), dtype=np.int64)
    days = np.where(paid.bounced_at == UNKNOWN, UNKNOWN, paid.bounced_at // clock.DAY)
    return (
        _instalments(loans, dues, fresh, nothing, nothing + UNKNOWN, made),
        _instalments(loans, dues, halves, paid.part, nothing + UNKNOWN, paid.part_at),
        _instalments(loans, dues, back, dues.amount, days, paid.bounced_at),
        _instalments(loans, dues, back, nothing, nothing + UNKNOWN, paid.returned_at),
    )


def _instalments(loans: Loans, dues: Dues, rows: Ints, paid: Ints, settled: Ints, when: Ints) -> pl.DataFrame:
    return frame(
        "instalments",
        loan_id=gathered(loans.ids, dues.loan[rows]),
        number=dues.number[rows],
        due_on=dues.due[rows],
        principal=dues.principal[rows],
        interest=dues.interest[rows],
        fees=dues.fees[rows],
        paid=paid[rows],
        settled_on=settled[rows],
        recorded_at=when[rows],
    )
