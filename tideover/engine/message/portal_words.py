"""What somebody reads behind a link in a message: words/portal/<language>.yaml. Others may look over the shoulder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Literal, get_args

from tideover.engine.message.plain import unkind_words
from tideover.engine.message.words import ENGLISH, LANGUAGES, LanguageWords, base_of, documents
from tideover.engine.policy.content import ContentRefused, Document, Problem, Where, validated
from tideover.engine.policy.lists import Strict

FOLDER = "words/portal"
PortalAnswer = Literal["paid", "wrong_amount", "cannot_pay", "call_me", "not_me", "death", "stop"]
PORTAL_ANSWERS: tuple[PortalAnswer, ...] = get_args(PortalAnswer)
"""What can be answered by one press, in the order in which it is shown."""


class AnswerWords(Strict):
    """What stands on the button, and what is said when it was pressed."""

    button: str
    receipt: str


class OverWords(Strict):
    """A link whose time is over."""

    title: str
    says: str


class PortalWords(Strict):
    """One language."""

    skip: str
    title: str
    from_us: str
    code: str
    question: str
    nothing_yet: str
    answers: dict[PortalAnswer, AnswerWords]
    done: str
    undo: dict[PortalAnswer, str]
    undone: dict[PortalAnswer, str]
    over: OverWords
    call: str
    hours: str
    back: str

    def filled(self, text: str, values: Mapping[str, str]) -> str:
        """A sentence with our name, number, hours or code in it."""
        return text.format_map(values)


def read_portal_words(overlay: Path | None = None) -> dict[str, PortalWords]:
    """Every language. Raises ContentRefused with every problem of shape, file and line."""
    problems: list[Problem] = []
    read = {name: validated(it, PortalWords, problems) for name, it in documents(overlay, FOLDER).items()}
    if problems:
        raise ContentRefused(problems)
    return {name: words for name, words in read.items() if words is not None}


def spoken_in(words: Mapping[str, PortalWords], language: str | None) -> str:
    """The language in which the page speaks; English where there are no words in the one asked for."""
    base = base_of(language)
    return base if base in words else ENGLISH


def check_portal_words(overlay: Path | None = None) -> list[Problem]:
    """Every problem of these files: a language or an answer without words, a value in the wrong place, an unkind word."""
    problems: list[Problem] = []
    try:
        found, spoken = documents(overlay, FOLDER), documents(overlay)
    except ContentRefused as refused:
        return refused.problems
    problems += [
        Problem(f"{FOLDER}/{name}.yaml", 1, f"is missing; the page behind a link needs words in {name}")
        for name in LANGUAGES
        if name not in found
    ]
    read = {name: validated(it, PortalWords, problems) for name, it in found.items()}
    languages = {name: validated(it, LanguageWords, []) for name, it in spoken.items()}
    english = dict(_texts(found[ENGLISH].data)) if ENGLISH in found else {}
    for name, words in read.items():
        if words is not None:
            problems += _of_one(found[name], words, languages.get(name), english)
    return problems


def _of_one(
    document: Document, words: PortalWords, language: LanguageWords | None, english: Mapping[Where, str]
) -> Iterator[Problem]:
    for kind in PORTAL_ANSWERS:
        if kind not in words.answers:
            yield document.problem(("answers",), f"'{kind}' has no words here; write them")
    never = (*language.never, *language.public_never) if language else ()
    for where, text in _texts(document.data):
        if _values(text) != _values(english.get(where, text)):
            yield document.problem(where, f"speaks of {_values(text)}, and in English of others")
        for entry in unkind_words(text, never):
            yield document.problem(where, f"says '{entry}', which others may not read here")


def _texts(data: object, where: Where = ()) -> Iterator[tuple[Where, str]]:
    if isinstance(data, str):
        yield where, data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from _texts(value, (*where, str(key)))


def _values(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)
