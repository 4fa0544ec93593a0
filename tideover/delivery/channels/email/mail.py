"""One message as a mail: headers that cannot be added to, two readings of the same words, no attachment."""

from __future__ import annotations

import hashlib
import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Iterator
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from functools import lru_cache

from tideover.delivery.channels.contract import Outgoing, Rejected
from tideover.delivery.channels.email.page import page
from tideover.kit.text import clean_name

# The whole fixed set besides what we write ourselves. Anything else is refused: a header is no place for content.
HEADERS = frozenset({"List-Unsubscribe", "List-Id", "Reply-To", "In-Reply-To", "References", "Feedback-ID"})
_BREAKS = re.compile("[\x00-\x1f\x7f\x80-\x9f\u2028\u2029\ud800-\udfff]")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,200}@[A-Za-z0-9.-]{1,60}>")
_ONE_CLICK = re.compile(r"<https://[^<>\s]+>")
_LONE_BREAK = re.compile("\r\n|\r|\x85|\u2028|\u2029")
_POLICY: EmailPolicy[EmailMessage] = SMTP.clone(cte_type="7bit")
_UTF8 = _POLICY.clone(utf8=True)  # RFC 6532
_LINE = 76


def mail_of(outgoing: Outgoing, at: datetime) -> bytes:
    """The mail as it is handed over. Raises Rejected for what cannot be put into one."""
    try:
        sender, to = mailbox(outgoing.sender_address), mailbox(outgoing.to)
        policy = _POLICY if (sender.addr_spec + to.addr_spec).isascii() else _UTF8
        head = "".join(_field(name, value, policy) for name, value in _headers(outgoing, sender, to, at))
        return head.encode() + _worded(outgoing)
    except (MessageError, UnicodeError, ValueError, IndexError):
        raise _malformed("the message cannot be written as a mail") from None


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


def _headers(outgoing: Outgoing, sender: Address, to: Address, at: datetime) -> Iterator[tuple[str, str]]:
    if not _MESSAGE_ID.fullmatch(outgoing.message_id):
        raise _malformed("the message id is not of the form <...@...>")
    name = clean_name(_one_line(outgoing.sender_name))
    yield "From", str(Address(name, sender.username, sender.domain))
    yield "To", str(to)
    yield "Subject", _one_line(outgoing.subject)
    yield "Date", format_datetime(at)
    yield "Message-ID", outgoing.message_id
    # RFC 3834: nobody's holiday notice should answer a machine.
    yield "Auto-Submitted", "auto-generated"
    for name, value in sorted(outgoing.headers.items()):
        if name not in HEADERS or _BREAKS.search(value) or not value.isascii() or len(value) > 900:
            raise _malformed("a header outside the fixed set, or one that cannot stand on its line")
        yield name, value
    # RFC 8058: the button in the mailbox posts, so that a scanner's GET changes nothing.
    if _ONE_CLICK.search(outgoing.headers.get("List-Unsubscribe", "")):
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    yield "Content-Language", _token(outgoing.language)
    yield "MIME-Version", "1.0"


def _field(name: str, value: str, policy: EmailPolicy[EmailMessage]) -> str:
    """A header with its line end."""
    cannot_fold = " " not in value  # such as a link: it stands on one line, however long
    if value.isascii() and value.isprintable() and (cannot_fold or len(name) + len(value) + 2 <= _LINE):
        return f"{name}: {value}\r\n"
    return _folded(name, value, policy)


@lru_cache(maxsize=256)
def _folded(name: str, value: str, policy: EmailPolicy[EmailMessage]) -> str:
    """What is long or not plain, folded and encoded by the library: mostly the same few senders and subjects."""
    return str(policy.fold(*policy.header_store_parse(name, value)))


def _worded(outgoing: Outgoing) -> bytes:
    """The words, and where there is a page, both as alternatives."""
    plain = _part("plain", _lines(outgoing.text))
    if not outgoing.html:
        return plain
    # The same message is the same bytes, so that a re-send can be seen to be one.
    mark = f"=_{hashlib.sha256(outgoing.message_id.encode()).hexdigest()[:32]}".encode()
    page_of_it = _part("html", page(outgoing))
    return (
        b'Content-Type: multipart/alternative; boundary="%s"\r\n\r\n--%s\r\n%s\r\n--%s\r\n%s\r\n--%s--\r\n'
        % (mark, mark, plain, mark, page_of_it, mark)
    )


def _part(subtype: str, text: str) -> bytes:
    """One reading of the words with its two headers."""
    lines = text if text.endswith("\n") else f"{text}\n"
    written = lines.encode()
    # A Bengali letter takes three bytes, so nine characters quoted and four in base64.
    foreign = len(lines) - len(lines.encode("ascii", "ignore"))
    if foreign * 6 > len(lines):
        encoding, said = "base64", encodebytes(written.replace(b"\n", b"\r\n"))
    else:
        encoding, said = "quoted-printable", b2a_qp(written, istext=True)
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return head.encode() + said.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _one_line(text: str) -> str:
    """Breaks become spaces: a name with a line break is still that person's name."""
    return " ".join(_BREAKS.sub(" ", text).split())


def _lines(text: str) -> str:
    return _LONE_BREAK.sub("\n", text).replace("\x00", "")


def _token(language: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{2,35}", language):
        raise _malformed("the language is not a tag such as 'lv' or 'pt-BR'")
    return language


def _malformed(why: str) -> Rejected:
    return Rejected("malformed", permanent=True, said=why)
