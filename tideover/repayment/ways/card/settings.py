"""The lender's account at Stripe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tideover.repayment.ways.contract import NotConnected
from tideover.repayment.ways.environment import currencies_in, secret_in

KEY, SIGNING = "TIDEOVER_PAY_STRIPE_KEY_FILE", "TIDEOVER_PAY_STRIPE_WEBHOOK_SECRET_FILE"
ADDRESS, ACCOUNT, CURRENCIES = (
    "TIDEOVER_PAY_STRIPE_URL",
    "TIDEOVER_PAY_STRIPE_ACCOUNT",
    "TIDEOVER_PAY_STRIPE_CURRENCIES",
)
STRIPE = "https://api.stripe.com"
BY_ANOTHER_COUNT = frozenset({"ISK", "UGX", "HUF", "TWD", "IRR"})
"""Currencies whose smallest unit Stripe counts in another way than ISO 4217, or not at all."""


@dataclass(frozen=True)
class StripeSettings:
    """One account. `account` is its name (acct_...), where events of several come to the same address."""

    key: str = field(repr=False)
    signing: bytes = field(repr=False)
    address: str = STRIPE
    account: str = ""
    currencies: frozenset[str] = frozenset({"EUR", "GBP"})

    @property
    def is_live(self) -> bool:
        """Real money: events of the test mode are not ours then, and the other way round."""
        return self.key.startswith(("sk_live_", "rk_live_"))


def read_settings(environ: Mapping[str, str]) -> StripeSettings:
    """Raises NotConnected."""
    key = secret_in(environ, KEY, "your secret key at Stripe").decode()
    signing = secret_in(environ, SIGNING, "the signing secret of your webhook at Stripe")
    currencies = currencies_in(environ, CURRENCIES, "EUR,GBP,USD")
    if strange := sorted(currencies & BY_ANOTHER_COUNT):
        raise NotConnected(f"{CURRENCIES}: {', '.join(strange)} cannot be taken by card here.")
    return StripeSettings(
        key, signing, environ.get(ADDRESS, STRIPE).rstrip("/"), environ.get(ACCOUNT, ""), currencies
    )
