"""Telling a decision in a message: every placeholder as it stands in a sentence, and texts that may be read by others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tideover.engine.message.borrower import offer_names
from tideover.engine.message.patterns import Argument
from tideover.engine.message.placeholders import (
    GIVEN,
    LINK,
    LINKS,
    PLACEHOLDERS,
    PUBLIC,
    WHEN,
    Kind,
    plain_name,
)
from tideover.engine.message.plain import unkind_words
from tideover.engine.message.sender import Sender
from tideover.engine.message.speech import Speech
from tideover.engine.message.tellable import restricted_holds
from tideover.engine.message.told import TELLABLE, Told
from tideover.engine.message.words import Words
from tideover.kit.errors import Refused
from tideover.kit.nearest import did_you_mean
from tideover.kit.text import clean_name

Given = Mapping[str, int | str | tuple[str, ...] | None]

_NAME = re.compile(
    r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u064b-\u0652\u200c\u200d' \u2019-]|\.(?=\s|$)){0,39}"
)
"""Letters of any script with their marks, and what joins them. A full stop before a letter would be an address."""


class UnknownValue(Refused):
    """A value under a name that no message can speak of, or a link to nothing we know."""


@dataclass(frozen=True)
class Letterhead:
    """What a message says of the lender, and where it leads. A link that is not here may not be sent."""

    sender: Sender
    code: str
    links: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.links:
            if name not in LINKS:
                raise UnknownValue(f"{name!r} is no link of a message.{did_you_mean(name, LINKS)}")


class Telling(Speech):
    """One decision told in one language, with what the caller knows beside it."""

    def __init__(
        self,
        told: Told,
        words: Words,
        language: str,
        *,
        head: Letterhead,
        given: Given,
        is_public: bool = False,
    ) -> None:
        super().__init__(told, words, language)
        for name in given:
            if name not in GIVEN:
                raise UnknownValue(f"{name!r} is no value of a message.{did_you_mean(name, GIVEN)}")
        self.head, self.given, self.is_public = head, given, is_public
        self._values: dict[str, Argument | None] = {}

    def in_public(self) -> Telling:
        """The same where others may read along."""
        return Telling(self.told, self.words, self.tag, head=self.head, given=self.given, is_public=True)

    def value(self, name: str) -> Argument | None:
        """A placeholder as it stands in a sentence; None where it is unknown, or may not be said here."""
        if name not in self._values:  # many sentences of a message name the same few
            self._values[name] = self._value(name)
        return self._values[name]

    def _value(self, name: str) -> Argument | None:
        plain = plain_name(name)
        if plain not in PLACEHOLDERS or (self.is_public and plain not in PUBLIC):
            return None
        if plain in TELLABLE:
            return super().value(name)
        if plain in GIVEN:
            return self._given(plain, when=name.startswith(WHEN))
        return self._fenced_text(self._own(plain))

    def _own(self, name: str) -> str | None:
        """What follows from the decision, the lender, or the links that may be sent."""
        if name.startswith(LINK):
            return self.head.links.get(name.removeprefix(LINK))
        maker = OWN.get(name)
        return maker(self) if maker else self._of_sender(name)

    def _of_sender(self, name: str) -> str:
        """The lender's own; where no link may be sent its web address is none that mail would make one of."""
        if name == "sender_web" and not self.head.links:
            return ""
        return str(getattr(self.head.sender, name.removeprefix("sender_")))

    def name_of_sender(self) -> str | None:
        """The lender's name; where others read along, nothing that tells them what it is about."""
        sender = self.head.sender
        name = (sender.public_name or sender.name) if self.is_public else sender.name
        return None if self.is_public and self.debt_words(name) else name

    def debt_words(self, text: str) -> tuple[str, ...]:
        """Words by which others would see what this is about, or that blame or threaten."""
        return unkind_words(text, (*self.language.never, *self.language.public_never))

    def _given(self, name: str, *, when: bool) -> Argument | None:
        value, kind = self.given.get(name), PLACEHOLDERS[name].kind
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, tuple):
            return self.listed(clean_name(item) for item in value) if kind is Kind.LIST else None
        if isinstance(value, int):
            return self._number(value, kind, when=when)
        if kind is Kind.PROSE:
            paragraphs = (clean_name(line) for line in value.splitlines())
            return "\n".join(line for line in paragraphs if line) or None
        text = clean_name(value) if kind is Kind.TEXT else ""
        return self._fenced_text(
            text if name not in ("first_name", "officer", "written_by") else a_name(text)
        )

    def _number(self, value: int, kind: Kind, *, when: bool) -> Argument | None:
        if kind is Kind.DAY:
            return self.day(value, when=when)
        if kind is Kind.MONEY:
            return self.amount(value)
        least = {Kind.COUNT: 1, Kind.DAYS: 0}.get(kind)
        return value if least is not None and value >= least else None

    def _fenced_text(self, text: str | None) -> str | None:
        return self.fenced(text.strip()) if text and text.strip() else None

    def variants(self, texts: Sequence[str]) -> Iterable[str]:
        """Every way to say it for which all values are known, in order."""
        for text in texts:
            said = self.say(text) if text else ""
            if said or not text:
                yield said

    def public(self, texts: Sequence[str]) -> str:
        """The first way to say it that tells others nothing; "" where there is none."""
        return self.first(self.in_public().variants(texts), lambda said: not self.debt_words(said))

    @staticmethod
    def first(said: Iterable[str], is_fit: Callable[[str], bool]) -> str:
        """The first text that is fit; "" where there is none."""
        return next((text for text in said if is_fit(text)), "")


OWN: Mapping[str, Callable[[Telling], str | None]] = {
    "tone": lambda it: it.told.text("tone") or "warm",
    "told_us": lambda it: "yes" if it.told.told_us(restricted_holds(it.words.lists)) else "no",
    "code": lambda it: it.head.code,
    "offers": lambda it: it.listed(offer_names(it.language, it.told.offers)),
    "lesson": lambda it: it.language.lessons.get(it.told.text("lesson")),
    "sender": Telling.name_of_sender,
}
"""Values that follow from the decision and the lender."""


def a_name(text: str) -> str:
    """A person's name, or "" where it holds more than a name: an address or a sentence is not said as one."""
    return text if _NAME.fullmatch(text) else ""
