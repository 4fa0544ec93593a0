"""A QR code as an image of its own: SVG in a data address, so that a page needs neither script nor style for it."""

from __future__ import annotations

import segno

QUIET_ZONE = 4
"""Modules of white around a code (ISO/IEC 18004)."""


def picture_of(text: str, *, error: str = "m") -> str:
    """The address to put into `src` of an image."""
    code = segno.make(text, error=error, micro=False, boost_error=False)
    return str(code.svg_data_uri(border=QUIET_ZONE, scale=4, dark="#000000", light="#ffffff"))
