"""The code of NAPAS 247 (Decision 1928/QĐ-NHNN of 2018, EMVCo MPM): account, amount and message in one picture."""

from __future__ import annotations

from collections.abc import Mapping

from tideover.repayment.ways.contract import Amounts, Ask, Line, Shown
from tideover.repayment.ways.emv import MOST_WHOLE, ONCE, Field, payload, written
from tideover.repayment.ways.gateway import HearsGateway
from tideover.repayment.ways.picture import picture_of
from tideover.repayment.ways.vietqr.settings import VietQrSettings, read_settings

NAPAS, TO_ACCOUNT, DONG, VIETNAM = "A000000727", "QRIBFTTA", "704", "VN"


class VietQr(HearsGateway):
    """To the lender's account, by any bank app of the country."""

    code = "vietqr"
    countries = frozenset({"VN"})
    amounts = Amounts(most=MOST_WHOLE)
    currencies = frozenset({"VND"})

    def __init__(self, settings: VietQrSettings, environ: Mapping[str, str]) -> None:
        self._settings, self.environ = settings, environ

    def begin(self, ask: Ask) -> Shown:
        it = self._settings
        lines = (
            Line("name", it.name), Line("account", it.account), Line("bank", it.bank),
            Line("amount", str(ask.amount.decimal)), Line("reference", ask.reference),
        )  # fmt: skip
        return Shown(qr=picture_of(self.text(ask)), lines=lines)

    def text(self, ask: Ask) -> str:
        """What the code says."""
        bank = written([Field("00", self._settings.bank), Field("01", self._settings.account)])
        account = written([Field("00", NAPAS), Field("01", bank), Field("02", TO_ACCOUNT)])
        return payload(
            [
                Field("00", "01"), Field("01", ONCE), Field("38", account), Field("53", DONG),
                Field("54", str(ask.amount.decimal)), Field("58", VIETNAM),
                Field("62", written([Field("08", ask.reference[:25])])),
            ]
        )  # fmt: skip


def open_way(environ: Mapping[str, str]) -> VietQr:
    """Raises NotConnected."""
    return VietQr(read_settings(environ), environ)
