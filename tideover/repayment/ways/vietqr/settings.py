"""The account that VietQR codes lead to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tideover.repayment.ways.contract import NotConnected
from tideover.repayment.ways.environment import lender, needed

ACCOUNT = "TIDEOVER_PAY_VIETQR"
SHAPE = re.compile(r"(\d{6}):([0-9A-Za-z]{1,19})")


@dataclass(frozen=True)
class VietQrSettings:
    """One account: `bank` is the six-digit number of the bank at NAPAS."""

    name: str
    bank: str
    account: str


def read_settings(environ: Mapping[str, str]) -> VietQrSettings:
    """Raises NotConnected."""
    found = SHAPE.fullmatch(needed(environ, ACCOUNT, "bank and account as 970436:0123456789"))
    if found is None:
        raise NotConnected(f"{ACCOUNT} is not a bank's six digits, a colon and an account.")
    return VietQrSettings(lender(environ), found[1], found[2])
