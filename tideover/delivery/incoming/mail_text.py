"""The words of a mail: decoded whatever its charset, and without what was quoted."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from tideover.delivery.incoming.machines import AUTOMATIC
from tideover.delivery.incoming.quoting import Words, newest_of, said_in, unquoted
from tideover.delivery.incoming.words import LONGEST, grave, is_stop
from tideover.kit.keepable import keepable

MOST_LETTERS = 60_000
MOST_OF_A_HEADER = 2_000
_ANSWERS = re.compile(
    r"\s*(re|r|aw|antw(ort)?|sv|vs|res|rv|tr|fwd?|wg|enc|odp|atb|отв(ет)?|উত্তর|trả lời|پاسخ|उत्तर|回复|返信)\s*([\[(]\d+[\])])?\s*[:：]",
    re.IGNORECASE,
)
"""What a mailbox puts in front of a subject that stood there before: the subject of such a mail is ours."""
_ID = re.compile(r"^[ \t]*message-id:[ \t]*(<[^<>\s]{3,300}>)", re.IGNORECASE | re.MULTILINE)


def header(mail: Message, name: str) -> str:
    """One header, decoded; as it stands where it makes no sense, an empty text when it is missing."""
    value = keepable(str(mail.get(name, "")))[:MOST_OF_A_HEADER]
    try:
        return keepable(str(make_header(decode_header(value)))) if value else ""
    except (ValueError, LookupError, HeaderParseError):
        return value


def readable(mail: Message) -> str:
    """Everything a reader could see, and the headers of what is attached."""
    return "\n".join(_decoded(part) for part in mail.walk() if part.get_content_maintype() == "text")[
        :MOST_LETTERS
    ]


def own_words(mail: Message) -> str:
    """What the writer wrote, without quoted lines and what follows them, nor a mail that is attached whole.

    Where danger, a death or a plain stop stands below, that is the writer's too: no mail of ours says it so.
    """
    words = _words_of(mail)
    told = [words.own]
    if len(words.below) > LONGEST or grave(words.below) & {"danger", "death"} - grave(words.own):
        told.append(words.below)
    else:
        told += [it.strip() for it in newest_of(words.below).split("\n") if it and is_stop(it)][:1]
    return "\n".join(filter(None, told))


def _words_of(part: Message) -> Words:
    if part.get_content_type() in ("text/plain", "text/html"):
        return unquoted(_decoded(part))
    inner = part.get_payload()
    if not isinstance(inner, list):
        return Words()
    each = [_words_of(it) for it in inner if isinstance(it, Message)]
    if part.get_content_type() == "multipart/alternative":
        each = _forms_of_one(each)
    elif part.get_content_maintype() != "multipart":
        each = [it.all_below() for it in each]
    return sum(each, Words())


def _forms_of_one(forms: list[Words]) -> list[Words]:
    """Of one text in several forms the first that says something is the writer's, and one that says more than it."""
    first = next((it for it in forms if it.own), Words())
    known = grave(first.everything) if len(forms) > 1 else frozenset()
    return [it if it is first or grave(it.own) - known else it.all_below() for it in forms]


def with_subject(mail: Message) -> str:
    """What the writer wrote, below the subject where that is the writer's own and not ours come back."""
    words, subject = own_words(mail), " ".join(header(mail, "subject").split())
    stood_before = _ANSWERS.match(subject) or AUTOMATIC.search(subject)
    answers = mail.get("in-reply-to") or mail.get("references")
    return words if stood_before and (words or answers) else "\n".join(filter(None, (subject, words)))


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
    except (LookupError, ValueError):  # a charset that is none, or that knows no mark for what it cannot read
        text = payload.decode("utf-8", "replace")
    text = keepable(text)
    return said_in(text) if part.get_content_type() == "text/html" else text
