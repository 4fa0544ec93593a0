"""Do payments, instalments and loans tell one story? Said to the lender; no row is set aside for it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from .quality import Finding

Kept = Mapping[str, pl.LazyFrame]


def findings_of(kept: Kept) -> list[Finding]:
    """What is worth a look once all tables are in the book."""
    found = [
        *(_paid_and_payments(kept) if {"instalments", "payments"} <= kept.keys() else []),
        *(_paid_and_due(kept) if "instalments" in kept else []),
    ]
    return [finding for finding in found if finding.count]


def _paid_and_payments(kept: Kept) -> list[Finding]:
    """Of loans that have instalments: money on its way and money taken back are not yet, or no longer, allocated."""
    arrived = kept["payments"].filter(pl.col("reversed_at").is_null())
    came_in = arrived.group_by("loan_id").agg(pl.col("amount").sum())
    allocated = kept["instalments"].group_by("loan_id").agg(pl.col("paid").sum())
    both = allocated.join(came_in, on="loan_id", how="left").fill_null(0)
    more = pl.col("paid") > pl.col("amount")
    less = pl.col("paid") < pl.col("amount")
    unexplained, unallocated = (
        both.select(more.sum(), less.sum().alias("less")).collect(engine="streaming").row(0)
    )
    return [
        Finding(
            code="paid_without_payment",
            table="instalments",
            count=unexplained,
            says=f"{unexplained} loans have more marked as paid than payments came in. Payments from before the "
            "export began explain this; otherwise look at how payments are allocated.",
        ),
        Finding(
            code="payment_not_allocated",
            table="payments",
            count=unallocated,
            says=f"{unallocated} loans have payments that are not yet marked as paid on an instalment. People who have "
            "paid could be asked again: allocate them before deciding.",
        ),
    ]


def _paid_and_due(kept: Kept) -> list[Finding]:
    due = pl.sum_horizontal("principal", "interest", "fees")
    over = int(kept["instalments"].select((pl.col("paid") > due).sum()).collect(engine="streaming").item())
    return [
        Finding(
            code="paid_more_than_due",
            table="instalments",
            count=over,
            says=f"{over} instalments have more paid than is due. What is over belongs to a later instalment or "
            "to the person.",
        )
    ]
