"""The account that transfers go to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

from tideover.repayment.ways.contract import NotConnected
from tideover.repayment.ways.environment import currencies_in, lender, needed

ACCOUNT, BANK, CURRENCIES = "TIDEOVER_PAY_ACCOUNT", "TIDEOVER_PAY_BANK", "TIDEOVER_PAY_ACCOUNT_CURRENCIES"


@dataclass(frozen=True)
class TransferSettings:
    """One account; `bank` is its BIC, its sort code or however banks are named there."""

    name: str
    account: str
    bank: str
    currencies: frozenset[str]
    is_iban: bool


def read_settings(environ: Mapping[str, str]) -> TransferSettings:
    """Raises NotConnected."""
    written = needed(environ, ACCOUNT, "the IBAN or number of the account that payments go to")
    account, bank = written.replace(" ", "").upper(), environ.get(BANK, "").strip()
    is_iban = account[:2].isalpha() and account[2:4].isdecimal()
    if is_iban:
        _checked(account, bank)
    currencies = currencies_in(environ, CURRENCIES, "EUR" if is_iban else "")
    if not currencies:
        raise NotConnected(f"Set {CURRENCIES} to the currencies that the account takes, such as GBP.")
    return TransferSettings(lender(environ), account, bank, currencies, is_iban)


def _checked(account: str, bank: str) -> None:
    try:
        IBAN(account)
        if bank:
            BIC(bank)
    except SchwiftyException as wrong:
        raise NotConnected(f"{ACCOUNT} or {BANK} cannot be right: {wrong}.") from None
