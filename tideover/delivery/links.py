"""Links a borrower gets: capabilities. Each does one thing, ends after some days, and shows the minimum.

Opening one changes nothing, since scanners open links: the page behind it asks, and a press of a button commits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import lru_cache
from urllib.parse import quote

from django.conf import settings
from django.core import signing

from tideover.book.newest import newest
from tideover.delivery.models import Message
from tideover.kit.paths import quoted_in_path

SALT = "tideover.link"
LASTS = timedelta(days=30)
LEADS = ("pay", "promise", "see", "send", "talk")
"""Links that lead on to her pages: what is shown there asks who she is first."""

BY_MESSAGE = ("stop", "help", "check", "answer", *LEADS)
"""What can be done from a message."""

OF_APPLICATIONS = (
    "application_received", "document_received", "documents_missing", "under_review", "approved", "declined", "disbursed"
)  # fmt: skip

LINKED = ("email", "app", "sms", "push")


def links_for(message: Message) -> Mapping[str, str]:
    """The links that may stand in this message, by name."""
    return _Links(message) if message.channel in LINKED else {}


class _Links(Mapping[str, str]):
    """Made when one is asked for: a message holds two or three of all it may."""

    def __init__(self, message: Message) -> None:
        self._message, self._pages = message, _pages_of(message)
        self._made: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._made:
            page = self._pages.get(name) or f"/a/{token(self._message, name)}"
            self._made[name] = f"{settings.PUBLIC_URL}{page}"
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    @property
    def _names(self) -> dict[str, None]:
        return dict.fromkeys((*BY_MESSAGE, *self._pages))


def _pages_of(message: Message) -> dict[str, str]:
    """Pages of hers that a message leads to; behind each she signs in, so they say nothing to anybody else."""
    if message.purpose == "lesson" and (lesson := message.occasion.get("lesson")):
        return {"see": f"/me/lessons/{quote(str(lesson), safe='')}/"}
    if message.purpose in OF_APPLICATIONS and message.subject:
        page = f"/me/applications/{quoted_in_path(message.subject)}/"
        return {"see": page, "send": page, "answer": f"{page}answer/"}
    return {}


def one_click(message: Message) -> str:
    """The address to which a mail program posts to unsubscribe (RFC 8058)."""
    return f"{settings.PUBLIC_URL}/u/{token(message, 'stop')}"


def token(message: Message, does: str) -> str:
    """Says which message and what may be done, and nothing about the person."""
    return _signer().sign_object([message.pk, does])


@lru_cache(maxsize=1)
def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=SALT)


def opened(text: str) -> tuple[Message, str] | None:
    """The message and what may be done; None where the link is not ours, or its time is over."""
    try:
        pk, does = _signer().unsign_object(text, max_age=LASTS)
    except signing.BadSignature:
        return None
    message = Message.objects.filter(pk=pk).first()
    if message is None or (does in LEADS and _is_revoked(message)):
        return None
    return message, str(does)


def _is_revoked(message: Message) -> bool:
    """Whoever holds this link now is not who it was meant for: its address turned out to be somebody else's, or ended."""
    if not message.address_id:
        return False
    was_hers = newest("contact_points", person_id=message.person_id, address_id=message.address_id)
    points = newest("contact_points", person_id=message.person_id)
    here = [it for it in points if it.address_id == message.address_id]
    return bool(was_hers) and not any(it.state != "wrong_person" and not it.until for it in here)
