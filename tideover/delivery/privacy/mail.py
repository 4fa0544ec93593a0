"""Mail kept as files: what nobody could place, and in a demo what was sent. Whatever names an erased person goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

from tideover.book.models import FACTS, Address, Person
from tideover.delivery.privacy.subject import Subject

FOLDERS = ("unmatched-mail", "mailbox")
SHORTEST = 5
"""A key such as 25 stands in the date of every mail: shorter words name nobody, and others keep their mail."""


def words_that_name(subject: Subject) -> frozenset[str]:
    """By what a mail may name her: her key, her loans, her name and her addresses."""
    points = FACTS["contact_points"].objects.filter(person_id=subject.person_id)
    ids = set(points.values_list("address_id", flat=True)) - {None}
    values = {it.value for it in Address.objects.filter(pk__in=ids)}
    told = {subject.person_id, *subject.loans, *values, _name(subject)}
    return frozenset(it for it in told if it and len(it) >= SHORTEST)


def forget_mail(words: frozenset[str]) -> int:
    """Remove every mail that holds one of these words. How many went."""
    if not words:
        return 0
    names_her = re.compile("|".join(rf"(?<!\w){re.escape(it)}(?!\w)" for it in sorted(words)), re.IGNORECASE)
    gone = [path for path in _kept() if any(names_her.search(it) for it in _texts(path.read_bytes()))]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _name(subject: Subject) -> str:
    known = Person.objects.filter(pk=subject.person_id).first()
    return known.name or "" if known else ""


def _kept() -> Iterator[Path]:
    for name in FOLDERS:
        yield from (it for it in sorted((Path(settings.DATA) / name).rglob("*")) if it.is_file())


def _texts(raw: bytes) -> Iterator[str]:
    """A mail as it lies there, and as it reads: head lines and every part, decoded, a mail within it too."""
    yield raw.decode("utf-8", "replace")
    for part in message_from_bytes(raw, policy=policy.default).walk():
        yield "\n".join(str(value) for value in part.values())
        if isinstance(part, EmailMessage) and part.get_content_maintype() != "multipart":
            yield _decoded(part)


def _decoded(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:  # a charset that nobody knows
        return content.decode("utf-8", "replace")
