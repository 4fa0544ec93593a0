"""What somebody typed, the mark of one page, and the page from which she came."""

from __future__ import annotations

import re
import secrets
from datetime import date
from urllib.parse import urlsplit

from django.http import HttpRequest

from tideover.access.borrowers.codes import network_of
from tideover.access.counted import times
from tideover.kit.text import ascii_digits, without_bidi_controls
from tideover.web.portal.doors.asking import address_from

ONCE = re.compile(r"[\w-]{6,40}", re.ASCII)
MOST, HOUR = 4_000, 3_600
A_NETWORK = 20
"""Things strangers may tell us an hour from one network."""


def typed(request: HttpRequest, *names: str) -> dict[str, str]:
    """The fields of a form as they were typed, without signs that turn a text around; what is missing is empty."""
    return {it: without_bidi_controls(request.POST.get(it, "")[:MOST]) for it in names}


def once() -> str:
    """The mark of one page as it is opened: two presses on it are one."""
    return secrets.token_urlsafe(12)


def once_of(request: HttpRequest) -> str:
    """The mark that came back; a new one where it is none of ours."""
    told = request.POST.get("once", "")
    return told if ONCE.fullmatch(told) else once()


def day_typed(text: str) -> date | None:
    """A day as a browser gives it, in the digits of any script."""
    try:
        return date.fromisoformat(ascii_digits(text.strip())[:10])
    except ValueError:
        return None


def came_from(request: HttpRequest) -> str:
    """The page of ours from which she came to ask, without what stood behind its question mark."""
    told = request.POST.get("page") or urlsplit(request.headers.get("Referer", "")).path
    return told[:120] if re.fullmatch(r"/(me|p)/[\w\-/]*", told, re.ASCII) else ""


def may_tell(request: HttpRequest) -> bool:
    """Whether a stranger may tell us one thing more from this network within the hour."""
    return times(f"told-{network_of(address_from(request))}", within=HOUR) <= A_NETWORK
