"""The words of a mail: decoded whatever its charset, and without what was quoted."""

from __future__ import annotations

import re
from email.header import decode_header, make_header
from email.message import Message
from html import unescape

_MARKUP = re.compile(r"<(script|style|blockquote)\b.*?</\1\s*>|<[^>]+>", re.IGNORECASE | re.DOTALL)
_GMAIL_QUOTE = re.compile(
    r'<div class="?(gmail_quote|moz-cite-prefix|yahoo_quoted).*', re.IGNORECASE | re.DOTALL
)
_LINE_END = re.compile(r"<(br|/p|/div)\b[^>]*>", re.IGNORECASE)
# Where the quoting begins, without knowing the language: a line of dashes or underscores, a block of header lines,
# an introduction that ends in a colon before a quoted line.
_RULE = re.compile(r"^\s*(-{2,}\s*[^-\n]{3,60}\s*-{2,}|_{10,}|-- )\s*$")
_HEADER_LINE = re.compile(r"^\s*\*?[^\W\d_][\w\s]{0,14}\*?\s*:\s*.*(@|\b(19|20)\d\d\b)", re.UNICODE)
_INTRODUCES = re.compile(r"(@|\d{1,2}:\d\d|\b(19|20|13|14)\d\d\b).*[:：]\s*$")
_ID = re.compile(r"^\s*message-id:\s*(<[^<>\s]{3,300}>)", re.IGNORECASE | re.MULTILINE)


def header(mail: Message, name: str) -> str:
    """One header, decoded; an empty text when it is missing or makes no sense."""
    value = mail.get(name, "")
    try:
        return str(make_header(decode_header(value))) if value else ""
    except (ValueError, LookupError, UnicodeError):
        return str(value)


def readable(mail: Message, most: int = 60_000) -> str:
    """Everything a reader could see, and the headers of what is attached."""
    return "\n".join(_decoded(part) for part in mail.walk() if part.get_content_maintype() == "text")[:most]


def own_words(mail: Message) -> str:
    """What the writer wrote, without quoted lines and what follows them."""
    plain = next((part for part in mail.walk() if part.get_content_type() == "text/plain"), None)
    if plain is not None:
        return _unquoted(_decoded(plain))
    html = next((part for part in mail.walk() if part.get_content_type() == "text/html"), None)
    return _unquoted(_decoded(html)) if html is not None else ""


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
    if part.get_content_type() == "text/html":
        text = unescape(_MARKUP.sub(" ", _LINE_END.sub("\n", _GMAIL_QUOTE.sub("", text))))
    return text


def _unquoted(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    for place, line in enumerate(lines):
        following = next((it for it in lines[place + 1 :] if it.strip()), "")
        if line.lstrip().startswith((">", "＞")) or (_INTRODUCES.search(line) and _quotes(following)):
            continue
        if _RULE.match(line) or (_HEADER_LINE.match(line) and _HEADER_LINE.match(following)):
            break
        kept.append(line)
    # An introduction may be broken over two lines: its first half then stands alone at the end.
    return "\n".join(kept).strip()


def _quotes(line: str) -> bool:
    return line.lstrip().startswith((">", "＞"))
