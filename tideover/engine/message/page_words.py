"""What the borrower's pages say: words/pages/<area>/<language>.yaml, one whole sentence in ICU MessageFormat a key.

Keys may be nested; a page asks for them by their path: "promise.receipt". A value is given as it is known and shown as the
language writes it: Money as an amount, a date as a day (with `when_` before its name as the time of an action, "on Friday
6 March 2026"), a number in its own digits, a text fenced off from the sentence around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from tideover.engine.message.patterns import Argument, BadPattern, arguments, build, readings, spoken
from tideover.engine.message.plain import unkind_words
from tideover.engine.message.shown_values import Shown
from tideover.engine.message.words import ENGLISH, LANGUAGES, LanguageWords, base_of, documents
from tideover.engine.policy.content import SHIPPED, ContentRefused, Document, Problem, Where, validated
from tideover.kit.days import day_of
from tideover.kit.money import Money
from tideover.kit.text import Direction, direction_of_language

FOLDER = "words/pages"
WHEN = "when_"

Value = Money | date | int | str


class NoSuchWords(LookupError):
    """A page asks for a sentence that no file has."""


@dataclass(frozen=True)
class PageWords:
    """The sentences of some areas in one language, by area and path: "help.title"."""

    tag: str
    language: LanguageWords
    texts: Mapping[str, str]

    @property
    def direction(self) -> Direction:
        """Which way the language is written."""
        return direction_of_language(self.tag)

    @cached_property
    def shown(self) -> Shown:
        """Values as this language writes them."""
        return Shown(self.language, self.tag)

    def say(self, key: str, **values: Value) -> str:
        """The sentence with its values. Raises NoSuchWords, and BadPattern where a value is missing."""
        pattern = self.texts.get(key)
        if pattern is None:
            raise NoSuchWords(f"No page words stand under {key!r} in {self.tag}.")
        return spoken(
            pattern,
            self.tag,
            {
                name: self._value(name, values)
                for name in arguments(pattern)
                if name.removeprefix(WHEN) in values
            },
        )

    def has(self, key: str) -> bool:
        """Whether there is a sentence under this key."""
        return key in self.texts

    def _value(self, name: str, values: Mapping[str, Value]) -> Argument:
        value = values[name.removeprefix(WHEN)]
        if isinstance(value, Money):
            return self.shown.amount(value.minor, value.currency)
        if isinstance(value, date):
            return self.shown.day(day_of(value), when=name.startswith(WHEN))
        return self.shown.fenced(value) if isinstance(value, str) else value


def read_page_words(overlay: Path | None = None) -> dict[str, PageWords]:
    """Every area in every language, a language's missing sentences in English. Raises ContentRefused."""
    problems: list[Problem] = []
    languages = {name: validated(it, LanguageWords, problems) for name, it in documents(overlay).items()}
    if problems:
        raise ContentRefused(problems)
    texts: dict[str, dict[str, str]] = {name: {} for name in LANGUAGES}
    for area in areas(overlay):
        for name, document in documents(overlay, f"{FOLDER}/{area}").items():
            said = {f"{area}.{'.'.join(map(str, where))}": text for where, text in _texts(document.data)}
            texts.setdefault(name, {}).update(said)
    english = texts[ENGLISH]
    return {
        name: PageWords(name, words, {**english, **texts.get(name, {})})
        for name, words in languages.items()
        if words is not None
    }


def spoken_on_pages(words: Mapping[str, PageWords], language: str | None) -> PageWords:
    """The words of a language; of English where there are none."""
    return words.get(base_of(language), words[ENGLISH])


def areas(overlay: Path | None = None) -> list[str]:
    """The areas that have words."""
    folders = [SHIPPED / FOLDER, *([overlay / FOLDER] if overlay else [])]
    return sorted(
        {it.name for folder in folders if folder.is_dir() for it in folder.iterdir() if it.is_dir()}
    )


def check_page_words(overlay: Path | None = None) -> list[Problem]:
    """Every problem: a sentence without a language, another value than in English, a pattern ICU refuses, an unkind word."""
    problems: list[Problem] = []
    try:
        spoken_languages = {name: validated(it, LanguageWords, []) for name, it in documents(overlay).items()}
        for area in areas(overlay):
            problems += _of_area(area, documents(overlay, f"{FOLDER}/{area}"), spoken_languages)
    except ContentRefused as refused:
        problems += refused.problems
    return problems


def _of_area(
    area: str, found: Mapping[str, Document], languages: Mapping[str, LanguageWords | None]
) -> Iterator[Problem]:
    if ENGLISH not in found:
        yield Problem(f"{FOLDER}/{area}/{ENGLISH}.yaml", 1, "is missing; the other languages follow it")
        return
    english = dict(_texts(found[ENGLISH].data))
    for name in LANGUAGES:
        if name not in found:
            yield Problem(f"{FOLDER}/{area}/{name}.yaml", 1, f"is missing; the page needs words in {name}")
            continue
        document, said = found[name], dict(_texts(found[name].data))
        for where in sorted(english.keys() - said.keys(), key=str):
            yield document.problem(where[:-1], f"has no sentence '{where[-1]}', which English has")
        for where, text in said.items():
            language = languages.get(name)
            yield from (
                document.problem(where, problem)
                for problem in _of_sentence(
                    text, english.get(where), language.never if language else (), name
                )
            )


def _of_sentence(text: str, english: str | None, never: tuple[str, ...], language: str) -> Iterator[str]:
    if english is None:
        yield "is not in the English file; write it there too"
        return
    try:
        build(text, language)
        asked, known = _plain(text), _plain(english)
    except BadPattern as bad:
        yield str(bad)
        return
    if asked != known:
        yield f"speaks of {sorted(asked)}, and in English of {sorted(known)}"
    for entry in dict.fromkeys(it for reading in readings(text) for it in unkind_words(reading, never)):
        yield f"says '{entry}', which blames, threatens or hurries"


def _plain(pattern: str) -> frozenset[str]:
    return frozenset(name.removeprefix(WHEN) for name in arguments(pattern))


def _texts(data: object, where: Where = ()) -> Iterator[tuple[Where, str]]:
    if isinstance(data, str):
        yield where, data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from _texts(value, (*where, str(key)))
