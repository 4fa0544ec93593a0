"""One form, one thing: the key under which a form's token is kept. What was put into it is not kept itself."""

from __future__ import annotations

import hashlib


def once_key(whose: object, token: str) -> str:
    """Apart for each person, of a fixed length, whatever somebody wrote into the hidden field."""
    return hashlib.sha256(f"{whose}\n{token}".encode()).hexdigest()
