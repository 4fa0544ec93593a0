"""Two numbers to copy; paid wherever bills are paid."""

from __future__ import annotations

from collections.abc import Mapping

from tideover.repayment.ways.bill_id.numbers import MOST, THOUSAND, NoNumber, bill_id, payment_id
from tideover.repayment.ways.bill_id.settings import BillSettings, read_settings
from tideover.repayment.ways.contract import Amounts, Ask, Line, Shown
from tideover.repayment.ways.gateway import HearsGateway


class BillId(HearsGateway):
    """By bill and payment identifier."""

    code = "bill_id"
    countries = frozenset({"IR"})
    amounts = Amounts(least=THOUSAND, most=MOST, whole=THOUSAND)
    currencies = frozenset({"IRR"})

    def __init__(self, settings: BillSettings, environ: Mapping[str, str]) -> None:
        self._settings, self.environ = settings, environ

    def begin(self, ask: Ask) -> Shown:
        if not ask.number:
            raise NoNumber("This loan has no short number yet; it gets one when a payment is begun.")
        bill = bill_id(ask.number, self._settings.company, self._settings.service)
        payment = payment_id(bill, ask.amount.minor, year=ask.year, period=ask.period)
        return Shown(
            lines=(
                Line("bill_id", bill),
                Line("payment_id", payment),
                Line("amount", str(ask.amount.decimal)),
            )
        )


def open_way(environ: Mapping[str, str]) -> BillId:
    """Raises NotConnected."""
    return BillId(read_settings(environ), environ)
