"""An address as it is used and kept: read strictly, sealed, and found again by its blind index alone."""

from __future__ import annotations

import re

from tideover.kit.errors import Refused
from tideover.kit.phones import UnclearPhone, phone_of

MAILBOX = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}", re.ASCII
)
JOINERS = re.compile("[\u200c\u200d]")
SEVERAL_LINES = "post"
"""The kind of address that has lines; in every other one a line break would begin a header of its own."""


class UnusableAddress(Refused):
    """What was told is no address of its kind. The message never repeats it."""

    def __init__(self, code: str, says: str) -> None:
        super().__init__(says)
        self.code = code


def can_be_seen(text: str) -> bool:
    """One line, without a character that nobody sees. Joiners belong to how some scripts are written."""
    return JOINERS.sub("", text).isprintable()


def usable(told: str, kind: str, country: str | None) -> str:
    """The address as it is used; `country` (ISO, two letters) for numbers written without +. Raises UnusableAddress."""
    value = told.strip()
    if kind == SEVERAL_LINES:
        value = "\n".join(" ".join(it.split()) for it in value.splitlines() if it.strip())
    lines = value.split("\n") if kind == SEVERAL_LINES else [value]
    if not value or not all(map(can_be_seen, lines)):
        raise UnusableAddress("unreadable_value", "The address holds characters that cannot be seen.")
    if kind == "email" and not MAILBOX.fullmatch(value):
        raise UnusableAddress("no_mailbox", "A mail address belongs here, as name@example.org.")
    return _phone(value, country) if kind == "phone" else value


def _phone(value: str, country: str | None) -> str:
    try:
        return phone_of(value, country)
    except UnclearPhone:
        raise UnusableAddress(
            "no_phone", "A phone number belongs here, with + and the country code."
        ) from None
