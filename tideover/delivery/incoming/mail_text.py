"""The words of a mail: decoded whatever its charset, and without what was quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import Message
from html import unescape

from tideover.delivery.incoming.machines import AUTOMATIC

MOST_LETTERS = 60_000
MOST_OF_A_HEADER = 2_000
MOST_OF_A_LINE = 400
"""Longer ones introduce nothing; a pattern that looks far ahead must not meet a line without end."""
_TAG = re.compile(r"(<[^<>]*>)")
_SILENT = frozenset({"script", "style", "head", "blockquote"})
_ENDS_A_LINE = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3"})
_QUOTES = ("gmail_quote", "moz-cite-prefix", "yahoo_quoted")
# Where the quoting begins, without knowing the language: a line of dashes or underscores, a block of header lines,
# an introduction that ends in a colon before a quoted line.
_RULE = re.compile(r"^\s*(-{2,}\s*[^-\n]{3,60}\s*-{2,}|_{10,}|-- )\s*$")
_HEADER_LINE = re.compile(r"^\s*\*?[^\W\d_][\w\s]{0,14}\*?\s*:\s*.*(@|\b(19|20)\d\d\b)", re.UNICODE)
_INTRODUCES = re.compile(r"(@|\d{1,2}:\d\d|\b(19|20|13|14)\d\d\b).*[:：]\s*$")
_ANSWERS = re.compile(
    r"\s*(re|r|aw|antw(ort)?|sv|vs|res|rv|tr|fwd?|wg|enc|odp|atb|отв(ет)?|উত্তর|trả lời|پاسخ|उत्तर|回复|返信)\s*([\[(]\d+[\])])?\s*[:：]",
    re.IGNORECASE,
)
"""What a mailbox puts in front of a subject that stood there before: the subject of such a mail is ours."""
_ID = re.compile(r"^[ \t]*message-id:[ \t]*(<[^<>\s]{3,300}>)", re.IGNORECASE | re.MULTILINE)


def header(mail: Message, name: str) -> str:
    """One header, decoded; an empty text when it is missing or makes no sense."""
    value = str(mail.get(name, ""))[:MOST_OF_A_HEADER]
    try:
        return str(make_header(decode_header(value))) if value else ""
    except (ValueError, LookupError, UnicodeError):
        return value


def readable(mail: Message) -> str:
    """Everything a reader could see, and the headers of what is attached."""
    return "\n".join(_decoded(part) for part in mail.walk() if part.get_content_maintype() == "text")[
        :MOST_LETTERS
    ]


def own_words(mail: Message) -> str:
    """What the writer wrote, without quoted lines and what follows them, nor a mail that is attached whole."""
    parts = list(_own_parts(mail))
    plain = next((part for part in parts if part.get_content_type() == "text/plain"), None)
    if plain is not None:
        return _unquoted(_decoded(plain))
    html = next((part for part in parts if part.get_content_type() == "text/html"), None)
    return _unquoted(_decoded(html)) if html is not None else ""


def with_subject(mail: Message) -> str:
    """What the writer wrote, below the subject where that is the writer's own and not ours come back."""
    words, subject = own_words(mail), " ".join(header(mail, "subject").split())
    stood_before = _ANSWERS.match(subject) or AUTOMATIC.search(subject)
    answers = mail.get("in-reply-to") or mail.get("references")
    return words if stood_before and (words or answers) else "\n".join(filter(None, (subject, words)))


def _own_parts(mail: Message) -> Iterator[Message]:
    yield mail
    if mail.get_content_maintype() == "multipart" and mail.is_multipart():
        for part in mail.get_payload():
            if isinstance(part, Message):
                yield from _own_parts(part)


def original_id_of(mail: Message) -> str:
    """The Message-ID of the message it speaks of: the one returned with it, else the one it answers."""
    for part in mail.walk():
        if part is mail:
            continue
        if part.get("message-id") and part.get_content_type() != "message/rfc822":
            return str(part["message-id"]).strip()
        if part.get_content_type() == "text/rfc822-headers" and (found := _ID.search(_decoded(part))):
            return found[1]
    answered = re.findall(r"<[^<>\s]+>", f"{mail.get('references', '')} {mail.get('in-reply-to', '')}")
    if answered:
        return str(answered[-1])
    found = _ID.search(readable(mail))
    return found[1] if found else ""


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        text = payload.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        text = payload.decode("utf-8", "replace")
    return _said_in(text[:MOST_LETTERS]) if part.get_content_type() == "text/html" else text[:MOST_LETTERS]


def _said_in(page: str) -> str:
    """The words of a page up to the first quotation, without what is not shown; in one pass, however it is broken."""
    words: list[str] = []
    silent = 0
    for place, piece in enumerate(_TAG.split(page)):
        if not place % 2:
            words.append("" if silent else piece)
            continue
        name = piece[1:40].split(maxsplit=1)[0].rstrip("/>").lower() if piece[1:2].strip() else ""
        if any(mark in piece for mark in _QUOTES):
            break
        if name.lstrip("/") in _SILENT:
            silent = max(0, silent + (-1 if name.startswith("/") else 1))
        if name.lstrip("/") in _ENDS_A_LINE:
            words.append("\n")
    return unescape("".join(words))


def _unquoted(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    for line, following in zip(lines, _followed_by(lines), strict=True):
        if _quotes(line) or (_introduces(line) and _quotes(following)):
            continue
        if _RULE.match(line) or (_heads(line) and _heads(following)):
            break
        kept.append(line)
    return "\n".join(kept).strip()


def _followed_by(lines: list[str]) -> list[str]:
    """For each line the next one that is not empty."""
    found, following = [], ""
    for line in reversed(lines):
        found.append(following)
        following = line if line.strip() else following
    return found[::-1]


def _introduces(line: str) -> bool:
    return len(line) < MOST_OF_A_LINE and bool(_INTRODUCES.search(line))


def _heads(line: str) -> bool:
    return len(line) < MOST_OF_A_LINE and bool(_HEADER_LINE.match(line))


def _quotes(line: str) -> bool:
    return line.lstrip().startswith((">", "＞"))
