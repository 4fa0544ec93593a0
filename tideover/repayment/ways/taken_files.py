"""Files of networks and payrolls that were taken in, for whoever looks after money: what came of each, and why rows wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from tideover.repayment.ways.models import PaymentFile, RowSetAside

A_PAGE = 50
MOST_ROWS = 500
"""Rows shown of one file; a file of which more cannot be used is not of this kind."""

REASONS: Mapping[str, str] = {
    "no_such_loan": "No loan of this reference or number is known.",
    "no_number": "The row has no number of its own.",
    "a_card_number": "The number of a card stands where the row's own number should.",
    "another_currency": "The loan is paid in another currency.",
    "no_amount": "The amount cannot be read, or is not above nothing.",
    "no_day": "The day cannot be read.",
    "a_day_to_come": "The day is still to come.",
    "two_rows_of_one_number": "Another row of the file has the same number and says something else.",
}
"""Why a row was set aside, in words."""


@dataclass(frozen=True)
class RowAside:
    """A row of the file, counted from its head as row 1, and why it was not booked."""

    row: int
    why: str


def taken_files(page: str | None) -> Page[PaymentFile]:
    """The files, the latest first."""
    return Paginator(PaymentFile.objects.order_by("-pk"), A_PAGE).get_page(page)


def rows_aside(file: PaymentFile) -> list[RowAside]:
    """The rows of a file that were set aside, in its order."""
    rows = RowSetAside.objects.filter(file=file).order_by("row")[:MOST_ROWS]
    return [RowAside(it.row, REASONS.get(it.why, it.why)) for it in rows]
