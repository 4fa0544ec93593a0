"""A mail that came back, as what it is: a bounce, a machine's answer, a spam report, or a person's words.

Anyone can write a mail that looks like a bounce. So what is found here counts only for the message of ours that it names
(`original_id`) and the address that message went to; the caller compares both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from email.utils import parseaddr
from typing import Literal

from tideover.delivery.incoming.machines import machine_kind
from tideover.delivery.incoming.mail_text import (
    MOST_OF_A_HEADER,
    header,
    original_id_of,
    own_words,
    readable,
    with_subject,
)
from tideover.delivery.incoming.reports import Failed, failures, was_delivered
from tideover.delivery.incoming.words import LONGEST
from tideover.kit.keepable import keepable

__all__ = ["Came", "Failed", "MailKind", "read_mail"]

MailKind = Literal[
    "permanent",  # it did not arrive and never will; only a Failed of kind bad_address says that the address is dead
    "temporary",  # it is late, or did not arrive for a reason that passes
    "arrived",  # a receipt
    "spam_report",  # the person pressed "this is spam": treated as an opt-out
    "unsubscribe",  # a mailbox wrote to our opt-out address by itself
    "challenge",  # a machine asks us to prove that we are people
    "away",
    "auto_reply",
    "reply",  # a person wrote; read the words
]
MANY_BYTES = 1_000_000
"""So much is read of one mail, pictures and papers not counted; a person reads what is longer."""
A_FILE = 20_000
"""Bytes from which lines of base64 are a picture or a paper, unless they say that they are a text."""
MANY_LINES, MANY_BOXES, LONG_HEADER = 20_000, 100, 8_000
"""Beyond them a parser takes long: it looks for the end of each box that is open in each line."""
_BOX = re.compile(rb"boundary", re.IGNORECASE)
_STATUS = re.compile(rb"message/(?=delivery-status)", re.IGNORECASE)
_BASE64 = re.compile(rb"^(?:[A-Za-z0-9+/=]{40,}+\r?\n)++", re.MULTILINE)
_BY_PEOPLE = frozenset({"abuse", "fraud", "opt-out", "opt-out-list", "other", "virus", "miscategorized", ""})
_FEEDBACK = re.compile(r"^feedback-type:[ \t]*([\w-]*)", re.IGNORECASE | re.MULTILINE)


class _Plain(Compat32):
    """A header in no known letters is a text like any other."""

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002 - as the policy calls it
        return keepable(value[:LONG_HEADER])


_PLAIN = _Plain()


@dataclass(frozen=True, slots=True)
class Came:
    """One mail, read."""

    kind: MailKind
    failed: tuple[Failed, ...] = ()
    original_id: str = ""
    """The Message-ID of ours that it speaks of, where it says so."""
    text: str = field(default="", repr=False)
    """What was written, without what was quoted: our own footer must not count as somebody's STOP."""
    message_id: str = ""
    """Its own Message-ID, by which the same mail is known again."""
    date: str = ""
    """When it says that it was written: some mailboxes give each of their mails one name."""
    sender: str = field(default="", repr=False)
    is_whole: bool = True
    """All of it was read; else a person reads the mail itself."""


def read_mail(raw: bytes) -> Came:
    """Never raises: a mail that makes no sense is a reply that a person reads."""
    light = _without_files(raw)
    read = _as_far_as_it_is_read(light)
    sender = ""
    try:
        heads = BytesHeaderParser(policy=_PLAIN).parsebytes(read)
        sender = keepable(parseaddr(str(heads.get("from", "")))[1])
        # A parser makes a mail of its own of each empty line in a status.
        came = _read(message_from_bytes(_STATUS.sub(b"application/", read), policy=_PLAIN))
    except Exception:  # noqa: BLE001 - boxes in boxes without end, and whatever else a mail can do to a parser
        return Came("reply", sender=sender, is_whole=False)
    return replace(
        came, original_id=keepable(came.original_id), message_id=keepable(str(heads.get("message-id", ""))), sender=sender,
        date=keepable(str(heads.get("date", ""))), is_whole=len(read) == len(light) and len(came.text) <= LONGEST,
    )  # fmt: skip


def _as_far_as_it_is_read(mail: bytes) -> bytes:
    begin = b"".join(mail[:MANY_BYTES].splitlines(keepends=True)[:MANY_LINES])
    boxes = [it.start() for it in _BOX.finditer(begin)]
    return begin[: boxes[MANY_BOXES]] if len(boxes) > MANY_BOXES else begin


def _without_files(raw: bytes) -> bytes:
    """The words of a mail may stand behind a large picture, whose own bytes say nothing."""
    return _BASE64.sub(lambda it: it[0] if len(it[0]) < A_FILE or _is_text(raw, it.start()) else b"", raw)


def _is_text(raw: bytes, start: int) -> bool:
    told = raw[max(0, start - MOST_OF_A_HEADER) : start].lower().rpartition(b"content-type:")[2]
    return told.lstrip().startswith(b"text/")


def _read(mail: Message) -> Came:
    original = original_id_of(mail)
    if _is_spam_report(mail):
        return Came("spam_report", original_id=original)
    if _is_unsubscribe(mail):
        return Came("unsubscribe", original_id=original, text=own_words(mail))
    found = failures(mail)
    if found:
        lasting = any(it.permanent for it in found)
        return Came("permanent" if lasting else "temporary", found, original)
    if was_delivered(mail):
        return Came("arrived", original_id=original)
    kind = machine_kind(header(mail, "subject"), mail, readable(mail))
    return Came(kind or "reply", original_id=original, text=with_subject(mail))


def _is_spam_report(mail: Message) -> bool:
    """A report in the Abuse Reporting Format (RFC 5965), or one that a provider sends in its place."""
    for part in mail.walk():
        if part.get_content_type() == "message/feedback-report":
            # Other types tell of signatures that did not verify, and are for the operator.
            said = _FEEDBACK.search(str(part.get_payload(0) if part.is_multipart() else part.get_payload()))
            return (said[1].lower() if said else "") in _BY_PEOPLE
    if mail.get_param("report-type") == "feedback-report" or _of_hotmail(mail):
        return True
    # Hotmail's other form: our mail attached whole with its mark inside, and no word beside it.
    return any(_of_hotmail(part) for part in mail.walk()) and not own_words(mail)


def _of_hotmail(mail: Message) -> bool:
    return bool(mail.get("x-hmxmroriginalrecipient") or mail.get("x-hotmail-fbl"))


def _is_unsubscribe(mail: Message) -> bool:
    """What a mailbox sends to a `mailto:` in List-Unsubscribe (RFC 2369). It says of itself that a machine sent it."""
    subject = header(mail, "subject").strip().lower()
    return bool(mail.get("x-apple-unsubscribe")) or subject in ("unsubscribe", "list-unsubscribe")
