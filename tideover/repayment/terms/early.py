"""What a contract does with money beyond what is due."""

from __future__ import annotations

from django.conf import settings

from tideover.repayment.ledger.orders import allocation
from tideover.repayment.loans import Loan


def early_shortens(loan: Loan, country: str) -> bool:
    """It shortens the loan by itself; else it pays the next instalments, unless she says what it is for."""
    return allocation(settings.CONTENT).order(product=loan.product, country=country).early == "principal"
