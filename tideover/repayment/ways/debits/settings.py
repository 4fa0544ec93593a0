"""The creditor as banks know it, and how long before a debit is told and sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from tideover.repayment.ways.contract import NotConnected
from tideover.repayment.ways.environment import lender, needed

CREDITOR, ACCOUNT, BANK = "TIDEOVER_PAY_CREDITOR_ID", "TIDEOVER_PAY_ACCOUNT", "TIDEOVER_PAY_BANK"
NOTICE, FOLDER = "TIDEOVER_PAY_DEBIT_NOTICE_DAYS", "TIDEOVER_PAY_DEBIT_FOLDER"
USUAL_NOTICE = 14
"""Calendar days, where nothing else was agreed (SEPA Core Direct Debit rulebook, 4.3.4, pre-notification)."""

SENT_BEFORE = 3
"""Calendar days between the file and the day: one target day is the least (rulebook, 4.3.1); a week-end fits in."""


@dataclass(frozen=True)
class DebitSettings:
    """Who collects, and where the bank's files are laid."""

    name: str
    creditor_id: str
    account: str
    bank: str
    folder: Path
    notice_days: int = USUAL_NOTICE


def read_settings(environ: Mapping[str, str]) -> DebitSettings:
    """Raises NotConnected."""
    account = needed(environ, ACCOUNT, "the IBAN that money is collected to").replace(" ", "").upper()
    try:
        iban = IBAN(account)
    except SchwiftyException as wrong:
        raise NotConnected(f"{ACCOUNT}: a direct debit needs an IBAN: {wrong}.") from None
    notice = environ.get(NOTICE, str(USUAL_NOTICE))
    if not notice.isdecimal() or not SENT_BEFORE < int(notice) <= 60:
        raise NotConnected(f"{NOTICE} is a number of days from {SENT_BEFORE + 1} to 60.")
    return DebitSettings(
        lender(environ), needed(environ, CREDITOR, "your creditor identifier"), account,
        environ.get(BANK, "").strip() or str(iban.bic or ""),
        Path(needed(environ, FOLDER, "the folder that files for the bank are laid in")), int(notice),
    )  # fmt: skip
