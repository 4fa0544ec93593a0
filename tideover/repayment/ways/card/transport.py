"""Away to the provider's page and back; what became of it comes by webhook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tideover.repayment.ways.card.events import read_events
from tideover.repayment.ways.card.session import session_for
from tideover.repayment.ways.card.settings import StripeSettings, read_settings
from tideover.repayment.ways.contract import Amounts, Ask, Heard, Redirect


class Card:
    """By card or wallet."""

    code = "card"
    countries: frozenset[str] = frozenset()
    amounts = Amounts(least=50, most=99_999_999)
    """The provider takes eight digits and, in most currencies, no less than half a unit (its page on currencies)."""

    def __init__(self, settings: StripeSettings) -> None:
        self._settings = settings
        self.currencies = settings.currencies

    def begin(self, ask: Ask) -> Redirect:
        return session_for(ask, self._settings)

    def hear(self, body: bytes, headers: Mapping[str, str], at: datetime) -> Sequence[Heard]:
        return read_events(body, headers.get("Stripe-Signature", ""), self._settings, at)


def open_way(environ: Mapping[str, str]) -> Card:
    """Raises NotConnected."""
    return Card(read_settings(environ))
