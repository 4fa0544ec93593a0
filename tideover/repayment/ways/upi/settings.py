"""The address that UPI payments go to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tideover.repayment.ways.contract import NotConnected
from tideover.repayment.ways.environment import lender, needed

ADDRESS, CATEGORY = "TIDEOVER_PAY_UPI", "TIDEOVER_PAY_UPI_CATEGORY"
SHAPE = re.compile(r"[A-Za-z0-9.\-_]{2,256}@[A-Za-z][A-Za-z0-9]{1,63}")


@dataclass(frozen=True)
class UpiSettings:
    """One virtual payment address; `category` is the merchant's (ISO 18245), where the bank gave one."""

    name: str
    address: str
    category: str = ""


def read_settings(environ: Mapping[str, str]) -> UpiSettings:
    """Raises NotConnected."""
    address = needed(environ, ADDRESS, "the lender's UPI address, such as lender@bank")
    if not SHAPE.fullmatch(address):
        raise NotConnected(f"{ADDRESS} is no UPI address; write it as name@bank.")
    return UpiSettings(lender(environ), address, environ.get(CATEGORY, "").strip())
