"""upi://pay, as a link and as a code (NPCI, UPI Linking Specification 1.6)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from tideover.repayment.ways.contract import Amounts, Ask, Line, Shown
from tideover.repayment.ways.gateway import HearsGateway
from tideover.repayment.ways.picture import picture_of
from tideover.repayment.ways.upi.settings import UpiSettings, read_settings

LONGEST_REF = 35


class Upi(HearsGateway):
    """To the lender's UPI address."""

    code = "upi"
    countries = frozenset({"IN"})
    amounts = Amounts()
    currencies = frozenset({"INR"})

    def __init__(self, settings: UpiSettings, environ: Mapping[str, str]) -> None:
        self._settings, self.environ = settings, environ

    def begin(self, ask: Ask) -> Shown:
        link = self.link(ask)
        lines = (Line("upi", self._settings.address), Line("amount", str(ask.amount.decimal)))
        return Shown(qr=picture_of(link), opens=link, lines=(*lines, Line("reference", ask.reference)))

    def link(self, ask: Ask) -> str:
        """The address that opens her app with everything filled in."""
        it = self._settings
        told = {
            "pa": it.address, "pn": it.name, "am": str(ask.amount.decimal), "cu": "INR",
            "tr": ask.code[:LONGEST_REF], "tn": ask.reference, **({"mc": it.category} if it.category else {}),
        }  # fmt: skip
        return f"upi://pay?{urlencode(told, quote_via=quote, safe='@')}"


def open_way(environ: Mapping[str, str]) -> Upi:
    """Raises NotConnected."""
    return Upi(read_settings(environ), environ)
