"""The lender's place among those who write bills."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tideover.repayment.ways.contract import NotConnected
from tideover.repayment.ways.environment import needed

COMPANY = "TIDEOVER_PAY_BILL_COMPANY"
SHAPE = re.compile(r"(\d{3}):(\d)")


@dataclass(frozen=True)
class BillSettings:
    """Three digits of the company, one of the kind of service."""

    company: str
    service: str


def read_settings(environ: Mapping[str, str]) -> BillSettings:
    """Raises NotConnected."""
    found = SHAPE.fullmatch(needed(environ, COMPANY, "company and service of the lender's bills, as 123:9"))
    if found is None:
        raise NotConnected(f"{COMPANY} is not three digits, a colon and one digit.")
    return BillSettings(found[1], found[2])
