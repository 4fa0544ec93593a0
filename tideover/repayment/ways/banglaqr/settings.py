"""The merchant that Bangla QR codes lead to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tideover.repayment.ways.contract import NotConnected
from tideover.repayment.ways.environment import lender, needed

MERCHANT, CITY = "TIDEOVER_PAY_BANGLAQR", "TIDEOVER_PAY_BANGLAQR_CITY"
SHAPE = re.compile(r"(2[6-9]|[34]\d|5[01]):([0-9A-Za-z.]{1,32}):([0-9A-Za-z]{1,40}):(\d{4})")


@dataclass(frozen=True)
class BanglaQrSettings:
    """What the acquiring bank gave: the field, the application, the merchant's number, the kind of business."""

    name: str
    field: str
    application: str
    merchant: str
    category: str
    city: str


def read_settings(environ: Mapping[str, str]) -> BanglaQrSettings:
    """Raises NotConnected."""
    given = needed(environ, MERCHANT, "field:application:merchant:category, as your acquiring bank wrote it")
    found = SHAPE.fullmatch(given)
    if found is None:
        raise NotConnected(f"{MERCHANT} is not field:application:merchant:category.")
    return BanglaQrSettings(
        lender(environ), found[1], found[2], found[3], found[4], environ.get(CITY, "Dhaka").strip()
    )
