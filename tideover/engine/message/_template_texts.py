"""Every text of a template or of the closing, with its line and what may and must hold for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from tideover.engine.message._sentences import Sentence
from tideover.engine.message.placeholders import ALWAYS_KNOWN, PLACEHOLDERS, PUBLIC, Kind
from tideover.engine.message.template import Piece, Template
from tideover.engine.message.templates import Closing, PictureWords, TermsWords

Readers = Literal["anyone", "anyone nearby", "the person", "staff"]
"""Who may come to read a text: `anyone nearby` sees a text message light up, but knows the sender anyway."""

NUMBERS = frozenset(
    {"count", *(name for name, it in PLACEHOLDERS.items() if it.kind in (Kind.COUNT, Kind.DAYS))}
)
SURE = frozenset({*ALWAYS_KNOWN, "sender", "count"})
NEARBY = frozenset(
    name for name, it in PLACEHOLDERS.items() if it.kind is not Kind.MONEY and name != "product"
)
PLAIN_NAMES = frozenset({*PLACEHOLDERS, "count"})


@dataclass(frozen=True)
class Placed:
    """A pattern in its file: `field` is where it belongs, `line` where it stands."""

    field: str
    pattern: str
    line: int
    readers: Readers
    sentence: Sentence


def template_texts(template: Template) -> Iterator[Placed]:
    """Every pattern of a template. What a template needs is known when it is sent."""
    head, needs = template.head, frozenset(template.head.needs)
    fields: tuple[tuple[str, tuple[str, ...], Readers, frozenset[str]], ...] = (
        ("subject", head.subject, "anyone", frozenset()),
        ("preview", head.preview, "anyone", frozenset()),
        ("short", head.short, "anyone nearby", SURE | needs),
        # What a person says first is heard by whoever answers the phone or the door.
        ("spoken", head.spoken, "anyone nearby" if head.may_say else "the person", SURE | needs),
        ("also", head.also, "the person", SURE),
    )
    for field, patterns, readers, sure in fields:
        may = {"anyone": PUBLIC, "anyone nearby": NEARBY}.get(
            readers if field != "short" else "", PLAIN_NAMES
        )
        for at, line, pattern in _lines(template.document.line, field, patterns):
            yield _placed(field, pattern, line, readers, may, sure, is_last=at == len(patterns) - 1)
    for field in ("may_say", "must_not_say"):
        for _, line, pattern in _lines(template.document.line, field, getattr(head, field)):
            yield _placed(field, pattern, line, "staff", PLAIN_NAMES, SURE, is_last=False)
    if head.action:
        line = template.document.line(("action", "label"))
        yield _placed("action", head.action.label, line, "the person", frozenset(), SURE, is_last=True)
    yield from body_texts(template.body, SURE | needs)


def body_texts(pieces: Iterable[Piece], sure: frozenset[str]) -> Iterator[Placed]:
    """Every pattern of a body."""
    for piece in pieces:
        for text in piece.texts:
            for at, pattern in enumerate(text.variants):
                is_last = at == len(text.variants) - 1
                yield _placed("body", pattern, text.line, "the person", PLAIN_NAMES, sure, is_last=is_last)


def closing_texts(closing: Closing) -> Iterator[Placed]:
    """Every pattern of what closes a message."""
    for name in type(closing.head).model_fields:
        value = getattr(closing.head, name)
        if isinstance(value, PictureWords | TermsWords):
            for inner, told in value:
                yield from _named(closing, (name, inner), told)
        else:
            yield from _named(closing, (name,), value)
    yield from body_texts(closing.body, SURE)


def _named(closing: Closing, where: tuple[str, ...], told: str | tuple[str, ...]) -> Iterator[Placed]:
    patterns = (told,) if isinstance(told, str) else told
    readers: Readers = "anyone nearby" if where[-1].endswith("_short") else "the person"
    sure = SURE | {"paid_count", "all_count"} if where[0] == "picture" else SURE
    for at, pattern in enumerate(patterns):
        line = closing.document.line(where if isinstance(told, str) else (*where, at))
        yield _placed(
            ".".join(where), pattern, line, readers, PLAIN_NAMES, sure, is_last=at == len(patterns) - 1
        )


def _lines(line: object, field: str, patterns: tuple[str, ...]) -> Iterator[tuple[int, int, str]]:
    for at, pattern in enumerate(patterns):
        yield at, line((field, at)), pattern  # type: ignore[operator]


def _placed(
    field: str,
    pattern: str,
    line: int,
    readers: Readers,
    may: frozenset[str],
    sure: frozenset[str],
    *,
    is_last: bool,
) -> Placed:
    sentence = Sentence((field,), pattern, may, is_last, sure=sure, numbers=NUMBERS)
    return Placed(field, pattern, line, readers, sentence)
