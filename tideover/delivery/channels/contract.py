"""What every channel promises: it sends once and tells the truth about what became of it.

An attempt ends in one of three ways: `Accepted`, an error that says nothing was taken, or `Unknown`, when the reply was
lost after the message may have been taken. A channel does not try again, save a part whose message has left in part; it keeps
no policy and opens no database.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from tideover.kit.text import Direction

RejectedKind = Literal[
    "bad_address",  # nobody lives there: the only kind that says something about the address
    "full",  # the mailbox or the phone is full
    "blocked",  # the other side does not want this sender or this text
    "policy",  # a rule of the provider: an unregistered template, a missing signature
    "too_big",
    "malformed",  # what we were given cannot be put into this channel
    "other",
]
BusyReason = Literal["rate", "deferred", "unreachable", "not_admitted"]

AGAIN = timedelta(minutes=30)
"""RFC 5321 4.5.4.1: no sooner after a temporary refusal."""
SOON = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message, ready to leave. A re-send is the same value with the same `message_id`."""

    intent_id: str
    person: str = field(repr=False)
    """The surrogate of the person; channels show it to nobody."""
    to: str = field(repr=False)
    message_id: str
    """Stable: `<...@...>` in e-mail, the idempotency key elsewhere."""
    use_by: datetime
    sender_name: str = ""
    sender_address: str = ""
    subject: str = field(default="", repr=False)
    preview: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    html: str = field(default="", repr=False)
    """A fragment, framed with language and direction by the channel; or a whole document, left as it is."""
    language: str = "en"
    direction: Direction = "ltr"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Such as `List-Unsubscribe` with a one-click address; each channel names those it takes."""
    template_id: str = ""
    """The registered template of a text message, where a network asks for one."""

    def __post_init__(self) -> None:
        if self.use_by.tzinfo is None:
            raise ValueError("use_by is a moment and needs a time zone.")


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken the message."""

    reference: str
    """What its receipts will cite."""
    parts: int = 1
    further: tuple[str, ...] = ()
    """What receipts cite of the parts after the first, where each part has its own."""


class ChannelError(Exception):
    """Why there is no reference. Its words hold no address and no text of a person."""


class Rejected(ChannelError):
    """It was not taken. `permanent`: the same message to the same address will never be."""

    def __init__(self, kind: RejectedKind, *, permanent: bool, said: str = "") -> None:
        super().__init__(f"rejected: {kind}")
        self.kind: RejectedKind = kind
        self.permanent = permanent
        self.said = said
        """The provider's own words. They may repeat the address: for the attempt's row, never for a log."""


class Busy(ChannelError):
    """It was not taken now, and nothing left; the channel asks for time."""

    def __init__(
        self, reason: BusyReason, *, retry_after: timedelta, said: str = "", is_a_try: bool = True
    ) -> None:
        """`is_a_try`: it was about this message, which is not tried for ever; not about the way there."""
        super().__init__(f"busy: {reason}")
        self.reason: BusyReason = reason
        self.retry_after = retry_after
        self.said = said
        self.is_a_try = is_a_try


class Unknown(ChannelError):
    """The reply was lost after the message may have been taken. Nobody can tell which."""


class TooLate(ChannelError):
    """Its use-by has passed before it could leave."""


class Withdrawn(ChannelError):
    """`may_leave` said no at the last moment, and nothing left."""


MayLeave = Callable[[], Awaitable[bool]]
"""Asked just before the step that cannot be taken back, and once before where a provider is told in between that
something comes: an opt-out may have come while we were dialling."""


async def freely() -> bool:
    """Nobody is asked."""
    return True


@dataclass(frozen=True, slots=True)
class Limits:
    """What a provider takes. Keeping to it is the worker's part."""

    per_second: float | None = None
    sessions: int = 1
    longest: int | None = None
    many_providers: bool = False
    """Each address has a provider of its own, so that what one says is about that address alone."""


class Session(Protocol):
    """An open way to the provider, used for one message after the other."""

    async def send(self, outgoing: Outgoing, *, may_leave: MayLeave = freely) -> Accepted: ...


class Channel(Protocol):
    """One way to reach people."""

    @property
    def name(self) -> str: ...

    @property
    def limits(self) -> Limits: ...

    def session(self, *, at: datetime) -> AbstractAsyncContextManager[Session]: ...


class Clock:
    """The moment given when the session began, moved on by a clock that cannot be set back."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("at is a moment and needs a time zone.")
        self._at, self._from = at, time.monotonic()

    def now(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._from)

    def left(self, outgoing: Outgoing) -> timedelta:
        """How long the message is still worth sending. Raises TooLate."""
        left = outgoing.use_by - self.now()
        if left <= timedelta():
            raise TooLate(f"too late: its use-by was {outgoing.use_by.isoformat()}")
        return left

    async def last_look(self, outgoing: Outgoing, may_leave: MayLeave) -> None:
        """The last questions before the message leaves. Raises TooLate, Withdrawn."""
        self.left(outgoing)
        if not await may_leave():
            raise Withdrawn("withdrawn before it left")
        self.left(outgoing)
