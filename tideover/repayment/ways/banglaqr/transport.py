"""The code of Bangladesh Bank's Bangla QR (PSD circulars of 2020 and 2021, EMVCo MPM), for one payment."""

from __future__ import annotations

from collections.abc import Mapping

from tideover.repayment.ways.banglaqr.settings import BanglaQrSettings, read_settings
from tideover.repayment.ways.contract import Amounts, Ask, Line, Shown
from tideover.repayment.ways.emv import MOST_OF_HUNDREDTHS, ONCE, Field, payload, written
from tideover.repayment.ways.gateway import HearsGateway
from tideover.repayment.ways.picture import picture_of

TAKA, BANGLADESH = "050", "BD"
LONGEST_NAME, LONGEST_CITY = 25, 15


class BanglaQr(HearsGateway):
    """To the lender as a merchant, by any bank app or wallet of the country."""

    code = "banglaqr"
    countries = frozenset({"BD"})
    amounts = Amounts(most=MOST_OF_HUNDREDTHS)
    currencies = frozenset({"BDT"})

    def __init__(self, settings: BanglaQrSettings, environ: Mapping[str, str]) -> None:
        self._settings, self.environ = settings, environ

    def begin(self, ask: Ask) -> Shown:
        lines = (Line("name", self._settings.name), Line("amount", str(ask.amount.decimal)))
        return Shown(qr=picture_of(self.text(ask)), lines=(*lines, Line("reference", ask.reference)))

    def text(self, ask: Ask) -> str:
        """What the code says."""
        it = self._settings
        merchant = written([Field("00", it.application), Field("01", it.merchant)])
        return payload(
            [
                Field("00", "01"), Field("01", ONCE), Field(it.field, merchant), Field("52", it.category),
                Field("53", TAKA), Field("54", str(ask.amount.decimal)), Field("58", BANGLADESH),
                Field("59", _ascii(it.name)[:LONGEST_NAME]), Field("60", _ascii(it.city)[:LONGEST_CITY]),
                Field("62", written([Field("01", ask.reference[:25])])),
            ]
        )  # fmt: skip


def _ascii(name: str) -> str:
    return name.encode("ascii", "ignore").decode() or "Lender"


def open_way(environ: Mapping[str, str]) -> BanglaQr:
    """Raises NotConnected."""
    return BanglaQr(read_settings(environ), environ)
