"""check_words(content): every code has its sentence in every language, and every sentence can be said and is kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tideover.engine.message._needed import Needed, needed_words
from tideover.engine.message._pattern_check import pattern_troubles
from tideover.engine.message._sentences import Sentence, sentences_in, staff_sentences_in
from tideover.engine.message.patterns import BadPattern, readings
from tideover.engine.message.plain import reading_of, sentences_of, unkind_words, words_of
from tideover.engine.message.words import (
    ENGLISH,
    FOLDER,
    LANGUAGES,
    STAFF_FOLDER,
    LanguageWords,
    StaffWords,
    documents,
)
from tideover.engine.policy.content import ContentRefused, Document, Problem, Where, validated
from tideover.engine.policy.rules import Rules
from tideover.kit.nearest import did_you_mean

Said = Mapping[Where, Sentence]


def check_words(overlay: Path | None = None, *, rules: Rules | None = None) -> list[Problem]:
    """Every problem of the words files, with file and line; none where all is well.

    `overlay` is the lender's content folder: its words files stand in place of ours, and its codes need words too.
    `rules` are those of the same folder where they have been read already.
    """
    try:
        needed = needed_words(overlay, rules)
        found, for_staff = documents(overlay), documents(overlay, STAFF_FOLDER)
    except ContentRefused as refused:
        return refused.problems
    problems = [*_missing(FOLDER, found), *_missing(STAFF_FOLDER, for_staff)]
    words = {name: validated(document, LanguageWords, problems) for name, document in found.items()}
    staff = {name: validated(document, StaffWords, problems) for name, document in for_staff.items()}
    model: Said = _by_place(sentences_in(words[ENGLISH])) if words.get(ENGLISH) else {}  # type: ignore[arg-type]
    for name, it in words.items():
        if it is not None:
            problems += _problems(_PersonFile(name, found[name], model, needed, it))
    for name, read in staff.items():
        if read is not None:
            problems += _problems(_StaffFile(name, for_staff[name], {}, needed, read))
    return problems


def _missing(folder: str, found: Mapping[str, Document]) -> list[Problem]:
    names = [name for name in LANGUAGES if name not in found]
    return [
        Problem(f"{folder}/{name}.yaml", 1, f"is missing; every code needs words in {name}") for name in names
    ]


def _by_place(sentences: Iterable[Sentence]) -> Said:
    return {sentence.where: sentence for sentence in sentences}


def _problems(file: _File) -> list[Problem]:
    found = [*file.codes(), *file.patterns(), *file.more()]
    return sorted(dict.fromkeys(found), key=lambda it: it.line)


@dataclass(frozen=True)
class _File:
    """One words file. `model` holds the English sentences by their places."""

    name: str
    document: Document
    model: Said
    needed: Needed

    def sentences(self) -> Iterator[Sentence]:
        raise NotImplementedError

    def sections(self) -> Iterator[tuple[Where, set[str], frozenset[str]]]:
        """Each section with the codes it holds and those it needs."""
        raise NotImplementedError

    def more(self) -> Iterator[Problem]:
        """What only this kind of file can have wrong."""
        yield from ()

    def says(self, where: Where, text: str) -> Problem:
        return self.document.problem(where, f"{'.'.join(map(str, where))}: {text}")

    def codes(self) -> Iterator[Problem]:
        """Codes without words. Words may come before their code, but not under a code misspelt."""
        for where, given, needed in self.sections():
            for code in sorted(needed - given):
                yield self.says(where, f"'{code}' has no words here; write them")
            for code in sorted(given - needed):
                guess = did_you_mean(code, needed - given)
                if guess:
                    yield self.says((*where, code), f"'{code}' is not a known code.{guess}")

    def patterns(self) -> Iterator[Problem]:
        """Sentences that cannot be said, or tell something else than the English ones."""
        for sentence in self.sentences():
            for text in pattern_troubles(sentence, self.name, self.model.get(sentence.where)):
                yield self.says(sentence.where, text)


@dataclass(frozen=True)
class _StaffFile(_File):
    words: StaffWords

    def sentences(self) -> Iterator[Sentence]:
        return staff_sentences_in(self.words)

    def sections(self) -> Iterator[tuple[Where, set[str], frozenset[str]]]:
        for section, needed in self.needed.for_staff.items():
            # In English a reason is read as reasons.yaml says it.
            if section != "reasons" or self.name != ENGLISH:
                yield (section,), set(getattr(self.words, section)), needed


@dataclass(frozen=True)
class _PersonFile(_File):
    words: LanguageWords

    def sentences(self) -> Iterator[Sentence]:
        return sentences_in(self.words)

    def sections(self) -> Iterator[tuple[Where, set[str], frozenset[str]]]:
        for section, needed in self.needed.for_person.items():
            yield (section,), set(getattr(self.words, section)), needed

    def more(self) -> Iterator[Problem]:
        yield from self._reasons()
        for rule_id in sorted(set(self.words.bans) - self.needed.rules):
            yield self.says(
                ("bans", rule_id), f"'{rule_id}' is no rule.{did_you_mean(rule_id, self.needed.rules)}"
            )
        yield from self._unkind()

    def _reasons(self) -> Iterator[Problem]:
        for code, words in self.words.reasons.items():
            instead = self.needed.hidden.get(code)
            if instead is not None:
                yield self.says(("reasons", code), f"a person never reads this reason; she reads '{instead}'")
            elif not (words.why and words.change):
                yield self.says(("reasons", code), "say why, and what would change it")

    def _unkind(self) -> Iterator[Problem]:
        """Words that blame, threaten or hurry; sentences that are too long; too many long words in all."""
        plain = self.words.plain
        texts: list[str] = []
        for sentence in self.sentences():
            ways = () if sentence.is_date else _readings(sentence)
            texts += ways
            for text in _troubles(ways, self.words):
                yield self.says(sentence.where, text)
        share = reading_of(texts, plain).share_long
        if share > plain.share_long:
            limits = f"{plain.share_long} % may have more than {plain.letters} letters"
            yield self.says(("plain",), f"{share} % of the words are long; {limits}")


def _readings(sentence: Sentence) -> tuple[str, ...]:
    try:
        return readings(sentence.pattern)
    except BadPattern:
        return ()


def _troubles(ways: Iterable[str], words: LanguageWords) -> Iterator[str]:
    for entry in sorted({entry for way in ways for entry in unkind_words(way, words.never)}):
        yield f"'{entry}' blames, threatens or hurries; say it kindly"
    longest = max((len(words_of(one)) for way in ways for one in sentences_of(way)), default=0)
    if longest > words.plain.words:
        yield f"has {longest} words in one sentence; {words.plain.words} are the most, make two of it"
