"""What comes back from outside, as values: what became of a message, and what a person said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tideover.delivery.channels.contract import RejectedKind

State = Literal["delivered", "on_the_way", "expired", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider says became of a message it had taken. It may come twice, or before the reply to the send."""

    channel: str
    reference: str
    state: State
    at: datetime
    kind: RejectedKind | None = None
    permanent: bool = False
    """Nobody will ever be reached at that address."""
    said: str = ""
    ours: str = ""
    """Our own name for the message, where the provider cites it too."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Words a person sent us."""

    channel: str
    sender: str = field(repr=False)
    to: str
    text: str = field(repr=False)
    at: datetime
    reference: str = ""
    part: tuple[int, int, int] | None = None
    """Of a long text message: its mark, how many parts there are, and which this one is."""
    raw: bytes = field(default=b"", repr=False)
    """Of a part, its bytes as they came: a letter may lie half in this part and half in the next."""
    coding: int = 0
