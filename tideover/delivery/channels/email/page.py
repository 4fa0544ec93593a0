"""The HTML reading of a mail: the page around the words, in their language and direction."""

from __future__ import annotations

import re
from html import escape

from tideover.delivery.channels.contract import Outgoing

_WHOLE = re.compile(r"\s*(?:<!doctype|<html)\b", re.IGNORECASE)
_HIDDEN = "display:none;max-height:0;overflow:hidden;mso-hide:all"


def page(outgoing: Outgoing) -> str:
    """A whole document, left as it is, or the fragment with language, direction and the preview around it."""
    if _WHOLE.match(outgoing.html):
        return outgoing.html
    preview = f'<div style="{_HIDDEN}">{escape(outgoing.preview)}</div>' if outgoing.preview else ""
    return (
        f'<!doctype html>\n<html lang="{escape(outgoing.language)}" dir="{outgoing.direction}">\n'
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(outgoing.subject)}</title></head>\n"
        f'<body dir="{outgoing.direction}">{preview}\n{outgoing.html}\n</body>\n</html>\n'
    )
