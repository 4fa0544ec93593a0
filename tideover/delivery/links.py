"""Links a borrower gets: capabilities. Each does one thing, ends after some days, and shows the minimum.

Opening one changes nothing, since scanners open links: the page behind it asks, and a press of a button commits.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from urllib.parse import quote

from django.conf import settings
from django.core import signing

from tideover.book.newest import newest_one
from tideover.delivery.models import Message

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


def links_for(message: Message) -> dict[str, str]:
    """The links that may stand in this message, by name."""
    if message.channel not in LINKED:
        return {}
    behind_a_token = {name: f"{settings.PUBLIC_URL}/a/{token(message, name)}" for name in BY_MESSAGE}
    return behind_a_token | {
        name: f"{settings.PUBLIC_URL}{page}" for name, page in _pages_of(message).items()
    }


def _pages_of(message: Message) -> dict[str, str]:
    """Pages of hers that a message leads to; behind each she signs in, so they say nothing to anybody else."""
    if message.purpose == "lesson" and (lesson := message.occasion.get("lesson")):
        return {"see": f"/me/lessons/{quote(str(lesson), safe='')}/"}
    if message.purpose in OF_APPLICATIONS and message.subject:
        page = f"/me/applications/{quote(message.subject, safe='')}/"
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
    point = newest_one("contact_points", person_id=message.person_id, address_id=message.address_id)
    return point is not None and (point.state == "wrong_person" or bool(point.until))
