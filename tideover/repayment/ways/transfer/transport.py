"""Lines to copy, and in euros the code that bank apps scan (EPC069-12, version 002)."""

from __future__ import annotations

from collections.abc import Mapping

from segno.helpers import make_epc_qr

from tideover.repayment.ways.contract import Amounts, Ask, HearsNothing, Line, Shown
from tideover.repayment.ways.picture import QUIET_ZONE
from tideover.repayment.ways.references import adds_up, in_groups
from tideover.repayment.ways.transfer.settings import TransferSettings, read_settings

IN_CODES = "EUR"
LEAST, MOST = 1, 99_999_999_999
"""Minor units that such a code can hold."""


class Transfer(HearsNothing):
    """To the lender's account; what arrives is found on statements by its reference."""

    code = "transfer"
    countries: frozenset[str] = frozenset()
    amounts = Amounts()

    def __init__(self, settings: TransferSettings) -> None:
        self._settings = settings
        self.currencies = settings.currencies

    def begin(self, ask: Ask) -> Shown:
        it = self._settings
        lines = (
            Line("name", it.name),
            Line("account", it.account, in_groups(it.account) if it.is_iban else it.account),
            *([Line("bank", it.bank)] if it.bank else []),
            Line("amount", str(ask.amount.decimal)),
            Line("reference", ask.reference, in_groups(ask.reference)),
        )
        return Shown(qr=self._code(ask), lines=lines)

    def _code(self, ask: Ask) -> str:
        it = self._settings
        if ask.amount.currency != IN_CODES or not it.is_iban or not LEAST <= ask.amount.minor <= MOST:
            return ""
        about = {"reference": ask.reference} if adds_up(ask.reference) else {"text": ask.reference}
        code = make_epc_qr(it.name[:70], it.account, ask.amount.decimal, bic=it.bank or None, **about)
        return str(code.svg_data_uri(border=QUIET_ZONE, scale=4, dark="#000000", light="#ffffff"))


def open_way(environ: Mapping[str, str]) -> Transfer:
    """Raises NotConnected."""
    return Transfer(read_settings(environ))
