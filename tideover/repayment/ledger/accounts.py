"""The plan of accounts. Balances are signed: above nothing is a debit. `way` accounts carry their way after a colon."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SAYS: Mapping[str, str] = MappingProxyType(
    {
        "principal": "Lent and not yet paid back.",
        "interest": "Interest of the schedule, not yet paid.",
        "fees": "Fees and charges of the schedule, not yet paid.",
        "lent": "All that was lent: stands against principal.",
        "interest_income": "All interest of the schedule, whether paid or not.",
        "fee_income": "All fees of the schedule, whether paid or not.",
        "waived": "Interest and fees that were let go.",
        "written_off": "Still open, and no longer expected; the person may still owe it.",
        "paid_before": "Paid before this ledger was opened, by no payment it knows.",
        "cash": "Money that is here, by way.",
        "in_transit": "Money on its way, by way.",
        "announced": "Stands against money on its way.",
        "customer_credit": "Money of the customer that no instalment takes.",
        "unallocated": "Money for a loan whose schedule is not kept here, such as a card.",
        "refunds_payable": "Credit that is to go back to the customer.",
        "suspense": "Money that names no loan we know.",
        "unexplained": "Money that left beyond what came in: to be asked about.",
    }
)


def account(name: str, way: str = "") -> str:
    """The code of an account; one of a way of paying carries the way."""
    if name not in SAYS:
        raise KeyError(name)
    return f"{name}:{way or 'unknown'}" if name in ("cash", "in_transit") else name
