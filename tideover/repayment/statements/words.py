"""Why a line was matched or waits, in words for whoever sees to it. Codes are kept; sentences are made here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

BECAUSE: Mapping[str, str] = MappingProxyType(
    {
        "reference": "The payment reference of the loan stands in it.",
        "reference_misread": "The payment reference stands in it, with an O for a 0 or an I for a 1.",
        "loan_key": "The key of the loan stands in it.",
        "payer_and_amount": "The same account paid this loan before, and it is the amount of the next payment.",
        "name_and_amount": "The name of the borrower, and the amount of the next payment.",
        "returned": "It takes back a payment that came in before.",
        "person": "Somebody matched it by hand.",
        "payer": "The same account paid this loan before.",
        "name": "The name of the borrower.",
        "amount": "The amount of the next payment.",
        "short_key": "The key of the loan stands in it, but is so short that it may be another number.",
        "other_currency": "It is not in the currency of the loan.",
        "several": "It may be for several loans.",
        "nothing_known": "It names no loan and nobody we know.",
        "one_sign_only": "Something points to a loan, but not enough.",
        "maybe_known": "It may be a line that we have from another file, told differently.",
        "batch": "The bank put several payments into one sum and does not say whose.",
        "unknown_return": "It takes something back, and what it takes back was not found.",
        "refused": "The ledger did not take it.",
        "undone": "A match was undone.",
        "taken_back": "The payment was not honoured, or taken back.",
    }
)
"""What stands behind a match or a wait."""

CERTAIN = (
    "reference",
    "reference_misread",
    "loan_key",
    "payer_and_amount",
    "name_and_amount",
    "returned",
    "person",
)
"""What is enough for booking."""


def because(code: str) -> str:
    """The sentence."""
    return BECAUSE.get(code, code)
