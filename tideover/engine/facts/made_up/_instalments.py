"""The table `instalments`: unpaid when the loan is paid out, then one version for each change."""

from __future__ import annotations

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._draws import Ints
from tideover.engine.facts.made_up._frames import UNKNOWN, Rows, frame, gathered
from tideover.engine.facts.made_up._scene import Scene


def instalments(scene: Scene) -> Rows:
    """The table."""
    paid, dues = scene.paid, scene.dues
    made = clock.moment(scene.loans.zone, scene.loans.disbursed, 9 * 60)[dues.loan]
    done, begun = paid.settled != UNKNOWN, paid.part_at != UNKNOWN
    amount = np.where(done, dues.amount, paid.part)
    when = np.where(done, np.maximum(paid.settled_at, made + 60), np.where(begun, paid.part_at, made))
    everything = np.arange(len(dues))
    latest = _instalments(scene, everything, amount, paid.settled, when)
    return Rows(latest, lambda: _earlier(scene, made))


def _earlier(scene: Scene, made: Ints) -> tuple[pl.DataFrame, ...]:
    """Unpaid, paid in part, paid by money that was taken back, and unpaid again."""
    paid, dues = scene.paid, scene.dues
    done, begun, bounced = (known != UNKNOWN for known in (paid.settled, paid.part_at, paid.bounced_at))
    changed, halves, back = (
        np.flatnonzero(done | begun),
        np.flatnonzero(done & begun),
        np.flatnonzero(bounced),
    )
    nothing, never = np.zeros(len(dues), dtype=np.int64), np.full(len(dues), UNKNOWN)
    return (
        _instalments(scene, changed, nothing, never, made),
        _instalments(scene, halves, paid.part, never, paid.part_at),
        _instalments(scene, back, dues.amount, paid.bounced_at // clock.DAY, paid.bounced_at),
        _instalments(scene, back, nothing, never, paid.returned_at),
    )


def _instalments(scene: Scene, rows: Ints, paid: Ints, settled: Ints, when: Ints) -> pl.DataFrame:
    dues = scene.dues
    return frame(
        "instalments",
        loan_id=gathered(scene.loans.ids, dues.loan[rows]),
        number=dues.number[rows],
        due_on=dues.due[rows],
        principal=dues.principal[rows],
        interest=dues.interest[rows],
        fees=dues.fees[rows],
        paid=paid[rows],
        settled_on=settled[rows],
        recorded_at=when[rows],
    )
