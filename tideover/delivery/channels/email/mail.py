"""One message as a mail: headers that cannot be added to, two readings of the same words, no attachment."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from tideover.delivery.channels.contract import Outgoing, Rejected
from tideover.delivery.channels.email.page import page
from tideover.kit.text import clean_name

# The whole fixed set besides what we write ourselves. Anything else is refused: a header is no place for content.
HEADERS = frozenset({"List-Unsubscribe", "List-Id", "Reply-To", "In-Reply-To", "References", "Feedback-ID"})
_BREAKS = re.compile("[\x00-\x1f\x7f\x80-\x9f\u2028\u2029\ud800-\udfff]")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,200}@[A-Za-z0-9.-]{1,60}>")
_ONE_CLICK = re.compile(r"<https://[^<>\s]+>")
_LONE_BREAK = re.compile("\r\n|\r|\x85|\u2028|\u2029")
_POLICY = SMTP.clone(cte_type="7bit")


def mail_of(outgoing: Outgoing, at: datetime) -> EmailMessage:
    """The mail. Raises Rejected for what cannot be put into one."""
    try:
        mail = _headed(outgoing, at)
        _worded(mail, outgoing)
        mail["Content-Language"] = _token(outgoing.language)
    except (MessageError, UnicodeError, ValueError, IndexError):
        raise _malformed("the message cannot be written as a mail") from None
    return mail


def mailbox(address: str) -> Address:
    """An address taken apart, its domain as networks write it. Raises Rejected."""
    local, at, domain = address.rpartition("@")
    if (
        not (local and at and domain)
        or _BREAKS.search(address)
        or re.search(r"[\s<>,;:\"()\[\]\\@]", local + domain)
    ):
        raise Rejected("bad_address", permanent=True, said="not an e-mail address")
    try:
        return Address(username=local, domain=domain if domain.isascii() else domain.encode("idna").decode())
    except (UnicodeError, ValueError, IndexError, MessageError):
        raise Rejected("bad_address", permanent=True, said="not an e-mail address") from None


def _headed(outgoing: Outgoing, at: datetime) -> EmailMessage:
    sender, to = mailbox(outgoing.sender_address), mailbox(outgoing.to)
    is_plain = (sender.addr_spec + to.addr_spec).isascii()
    mail = EmailMessage(policy=_POLICY if is_plain else _POLICY.clone(utf8=True))  # RFC 6532
    mail["From"] = Address(clean_name(_one_line(outgoing.sender_name)), sender.username, sender.domain)
    mail["To"] = to
    mail["Subject"] = _one_line(outgoing.subject)
    mail["Date"] = format_datetime(at)
    if not _MESSAGE_ID.fullmatch(outgoing.message_id):
        raise _malformed("the message id is not of the form <...@...>")
    mail["Message-ID"] = outgoing.message_id
    # RFC 3834: nobody's holiday notice should answer a machine.
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in sorted(outgoing.headers.items()):
        if name not in HEADERS or _BREAKS.search(value) or not value.isascii() or len(value) > 900:
            raise _malformed("a header outside the fixed set, or one that cannot stand on its line")
        mail[name] = value
    # RFC 8058: the button in the mailbox posts, so that a scanner's GET changes nothing.
    if _ONE_CLICK.search(outgoing.headers.get("List-Unsubscribe", "")):
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return mail


def _worded(mail: EmailMessage, outgoing: Outgoing) -> None:
    text = _lines(outgoing.text)
    mail.set_content(text, charset="utf-8", cte=_encoding(text))
    if outgoing.html:
        html = page(outgoing)
        mail.add_alternative(html, subtype="html", charset="utf-8", cte=_encoding(html))
        # The same message is the same bytes, so that a re-send can be seen to be one.
        mark = hashlib.sha256(outgoing.message_id.encode()).hexdigest()[:32]
        mail.set_boundary(f"=_{mark}")


def _one_line(text: str) -> str:
    """Breaks become spaces: a name with a line break is still that person's name."""
    return " ".join(_BREAKS.sub(" ", text).split())


def _lines(text: str) -> str:
    return _LONE_BREAK.sub("\n", text).replace("\x00", "")


def _token(language: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{2,35}", language):
        raise _malformed("the language is not a tag such as 'lv' or 'pt-BR'")
    return language


def _encoding(text: str) -> str:
    # A Bengali letter takes nine characters quoted and four in base64.
    foreign = sum(not one.isascii() for one in text)
    return "base64" if foreign * 6 > len(text) else "quoted-printable"


def _malformed(why: str) -> Rejected:
    return Rejected("malformed", permanent=True, said=why)
