"""All message templates of a content folder: one file a purpose and language, what closes them, and words of rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tideover.engine.message.template import Piece, Template, body_of, read_parted, read_template
from tideover.engine.message.words import ENGLISH, Sentences, Words, base_of, read_words
from tideover.engine.policy.content import (
    SHIPPED,
    ContentRefused,
    Document,
    Problem,
    read_document,
    validated,
)
from tideover.engine.policy.lists import Strict
from tideover.kit.ids import hash_of_value

FOLDER = "messages"
CLOSING = "closing"
RULE_WORDS = "rule_words"
MESSAGE_LANGUAGES = ("en", "bn", "lv", "vi", "fa")
"""The languages in which every purpose has its message."""


class PictureWords(Strict):
    """What the picture says: above it, how far the person has come, the next step, and all of it in one sentence."""

    title: Sentences
    says: Sentences
    next: Sentences
    alt: Sentences


class TermsWords(Strict):
    """Every label of a loan's full terms, and the sentences where there is nothing to pay."""

    heading: str
    principal: str
    rate: str
    effective_rate: str
    total_cost: str
    total: str
    payments: str
    fees: str
    no_fees: str
    charges: str
    no_charges: str
    withdrawal: str
    schedule: str
    fees_in_payments: str = ""
    with_each_payment: str = ""


class ClosingHead(Strict):
    """What every message says once: the greeting, further topics, how to check, how to stop."""

    greeting: Sentences
    also_heading: str
    also: str
    also_short: str
    check_short: str
    stop: Sentences
    stop_short: Sentences
    picture: PictureWords
    terms: TermsWords


@dataclass(frozen=True)
class Closing:
    """closing/<language>.md: named sentences, and the lines at the end of every long form."""

    head: ClosingHead
    body: tuple[Piece, ...]
    document: Document
    source: str


@dataclass(frozen=True)
class Templates:
    """Everything messages are made of, by purpose and language, with the words of each language."""

    messages: Mapping[tuple[str, str], Template]
    closings: Mapping[str, Closing]
    rule_words: Mapping[str, Mapping[str, Sentences]]
    words: Words
    _hashes: dict[tuple[str, str], str] = field(default_factory=dict, init=False, compare=False, repr=False)

    def language(self, purpose: str, asked: str | None) -> str:
        """The language a purpose is told in for one that was asked for; English where there is none."""
        base = base_of(asked)
        return base if (purpose, base) in self.messages and base in self.closings else ENGLISH

    def hash_of(self, purpose: str, language: str) -> str:
        """What a message was made from, by hash."""
        if (purpose, language) not in self._hashes:
            template, closing = self.messages[purpose, language], self.closings[language]
            rules = {code: list(texts) for code, texts in self.rule_words.get(language, {}).items()}
            self._hashes[purpose, language] = hash_of_value([template.source, closing.source, rules])
        return self._hashes[purpose, language]


def files(overlay: Path | None, suffix: str) -> Iterator[tuple[str, str, Path]]:
    """Folder, language and path of every file: the lender's own in place of ours, whole file."""
    found: dict[tuple[str, str], Path] = {}
    for folder in (SHIPPED, *([overlay] if overlay else [])):
        for path in sorted((folder / FOLDER).glob(f"*/*{suffix}")):
            found[path.parent.name, path.stem] = path
    for (name, language), path in sorted(found.items()):
        yield name, language, path


def read_closing(path: Path, label: str) -> Closing:
    """What closes every message of a language. Raises ContentRefused."""
    parted = read_parted(path, label)
    problems: list[Problem] = []
    head = validated(parted.document, ClosingHead, problems)
    body, more = body_of(parted.body, parted.first_line, label)
    if head is None or more:
        raise ContentRefused([*problems, *more])
    return Closing(head, body, parted.document, parted.source)


class RuleWordsFile(Strict):
    """rule_words/<language>.yaml: the text of each block that a rule may demand."""

    words: dict[str, Sentences]


def read_rule_words(path: Path, label: str) -> tuple[RuleWordsFile, Document]:
    """The blocks of one language. Raises ContentRefused."""
    problems: list[Problem] = []
    document = read_document(path, label)
    read = validated(document, RuleWordsFile, problems)
    if read is None:
        raise ContentRefused(problems)
    return read, document


def read_templates(overlay: Path | None = None, *, words: Words | None = None) -> Templates:
    """Every template of a content folder. Raises ContentRefused with every problem of shape, file and line."""
    problems: list[Problem] = []
    messages: dict[tuple[str, str], Template] = {}
    closings: dict[str, Closing] = {}
    rule_words: dict[str, Mapping[str, Sentences]] = {}
    for name, language, path in (*files(overlay, ".md"), *files(overlay, ".yaml")):
        label = f"{FOLDER}/{name}/{path.name}"
        try:
            if path.suffix == ".yaml":
                rule_words[language] = read_rule_words(path, label)[0].words
            elif name == CLOSING:
                closings[language] = read_closing(path, label)
            else:
                messages[name, language] = read_template(path, name=name, language=language, label=label)
        except ContentRefused as refused:
            problems += refused.problems
    if problems:
        raise ContentRefused(problems)
    return Templates(messages, closings, rule_words, words or read_words(overlay))
