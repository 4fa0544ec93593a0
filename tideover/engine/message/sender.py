"""Who speaks: the lender, as a message names it."""

from __future__ import annotations

from dataclasses import dataclass

from tideover.kit.errors import Refused


class UnknownSender(Refused):
    """A message must say who sends it and which number reaches a person."""


@dataclass(frozen=True)
class Sender:
    """The lender. `public_name` stands where others may read along; `stop_word` is "" where replies cannot be read."""

    name: str
    phone: str
    hours: str = ""
    address: str = ""
    web: str = ""
    licence: str = ""
    public_name: str = ""
    stop_word: str = ""

    def __post_init__(self) -> None:
        lacking = [name for name in ("name", "phone") if not getattr(self, name).strip()]
        if lacking:
            raise UnknownSender(
                f"The lender's {' and '.join(lacking)} must be known before anything is sent."
            )
