"""Starting texts for what staff write most often: replies.yaml, each in every language, kind and plain like our own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import RootModel

from tideover.engine.message.plain import sentences_of, unkind_words, words_of
from tideover.engine.message.words import ENGLISH, LANGUAGES, LanguageWords, base_of, documents
from tideover.engine.policy.content import ContentRefused, Document, Problem, read_document, validated
from tideover.engine.policy.lists import Strict, find

FILE = "replies.yaml"


class Reply(Strict):
    """One starting text: what staff call it, and the text by language."""

    says: str
    texts: dict[str, str]


class _Replies(RootModel[dict[str, Reply]]):
    pass


def read_replies(overlay: Path | None = None) -> Mapping[str, Reply]:
    """Every starting text by its code. Raises ContentRefused with file and line."""
    problems: list[Problem] = []
    found = _read(read_document(find(FILE, overlay), FILE), problems)
    if problems:
        raise ContentRefused(problems)
    return found


def in_language(replies: Mapping[str, Reply], language: str | None) -> Mapping[str, str]:
    """The texts in a person's language; English where there is none in hers."""
    wanted = base_of(language)
    return {code: it.texts.get(wanted) or it.texts[ENGLISH] for code, it in replies.items()}


def check_replies(overlay: Path | None = None) -> list[Problem]:
    """Every problem of these texts: a language that lacks one, a word that blames or threatens, a sentence too long."""
    problems: list[Problem] = []
    try:
        document, spoken = read_document(find(FILE, overlay), FILE), documents(overlay)
    except ContentRefused as refused:
        return refused.problems
    languages = {name: validated(it, LanguageWords, []) for name, it in spoken.items()}
    for code, reply in _read(document, problems).items():
        problems += _of_one(document, code, reply, languages)
    return problems


def unkind(text: str, language: LanguageWords) -> tuple[str, ...]:
    """Words of a text that blame, threaten or hurry."""
    return unkind_words(text, language.never)


def _read(document: Document, problems: list[Problem]) -> Mapping[str, Reply]:
    found = validated(document, _Replies, problems)
    return found.root if found else {}


def _of_one(
    document: Document, code: str, reply: Reply, languages: Mapping[str, LanguageWords | None]
) -> Iterator[Problem]:
    for name in LANGUAGES:
        if not reply.texts.get(name, "").strip():
            yield document.problem((code, "texts"), f"'{code}' has no text in {name}; write it")
    for name, text in reply.texts.items():
        language = languages.get(name)
        if language is None:
            yield document.problem((code, "texts", name), f"there are no words in {name!r}")
            continue
        for entry in unkind(text, language):
            yield document.problem(
                (code, "texts", name), f"'{entry}' blames, threatens or hurries; say it kindly"
            )
        longest = max((len(words_of(one)) for one in sentences_of(text)), default=0)
        if longest > language.plain.words:
            says = f"has {longest} words in one sentence; {language.plain.words} are the most, make two of it"
            yield document.problem((code, "texts", name), says)
