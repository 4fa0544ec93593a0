"""check_words(content): every code has its sentence in every language, and every sentence can be said and is kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from tideover.engine.message._pattern_check import pattern_troubles
from tideover.engine.message._sentences import Sentence, sentences_in
from tideover.engine.message.patterns import BadPattern, readings
from tideover.engine.message.plain import reading_of, sentences_of, unkind_words, words_of
from tideover.engine.message.words import ENGLISH, FOLDER, LANGUAGES, LanguageWords, documents
from tideover.engine.policy.content import SHIPPED, ContentRefused, Document, Problem, Where, validated
from tideover.engine.policy.lists import Lists, read_lists
from tideover.engine.policy.rules import Rule, Rules, RulesRefused, read_rules
from tideover.kit.nearest import did_you_mean

BLOCKING = ("window", "cap", "cool_down", "ban", "consent", "contract_address", "template", "other")
"""Kinds of rule that may hold a contact back; `other` speaks for the rest."""

TREATMENTS, TONES, STATUSES = (
    ("contact", "wait", "human", "none"),
    ("warm", "plain", "firm"),
    ("law", "draft", "lender_default"),
)


@dataclass(frozen=True)
class _Codes:
    """What must have words: by section of a words file. `free` sections may hold more than is used."""

    needed: Mapping[Where, frozenset[str]]
    free: frozenset[Where]
    lists: Lists
    rules: Mapping[str, Rule]


def check_words(overlay: Path | None = None, *, rules: Rules | None = None) -> list[Problem]:
    """Every problem of the words files, with file and line; none where all is well.

    `overlay` is the lender's content folder: its words files stand in place of ours, and its codes need words too.
    `rules` are those of the same folder where they have been read already.
    """
    try:
        found, codes = documents(overlay), _codes(overlay, rules)
    except (ContentRefused, RulesRefused) as refused:
        return [
            it if isinstance(it, Problem) else Problem(it.file, it.line, it.text) for it in refused.problems
        ]
    problems = [
        Problem(f"{FOLDER}/{name}.yaml", 1, f"is missing; every code needs words in {name}")
        for name in LANGUAGES
        if name not in found
    ]
    read = {name: validated(document, LanguageWords, problems) for name, document in found.items()}
    english = read.get(ENGLISH)
    for name, words in read.items():
        if words is not None and english is not None:
            problems += _File(name, words, found[name], english, codes).problems()
    return problems


def _codes(overlay: Path | None, given: Rules | None) -> _Codes:
    folders = [SHIPPED, *([overlay] if overlay else [])]
    lists, rules = read_lists(overlay), (given or read_rules(*folders)).by_id
    offers, lessons = _of_strategies(folders)
    places = {rule.place for rule in rules.values()}
    needed: dict[Where, Iterable[str]] = {
        ("channels",): lists.channels, ("purposes",): lists.purposes, ("reasons",): lists.reasons, ("rules",): BLOCKING,
        ("treatments",): TREATMENTS, ("tones",): TONES, ("offers",): offers, ("lessons",): lessons, ("bans",): (),
        ("staff", "statuses"): STATUSES, ("staff", "kinds"): (*BLOCKING, "duty"), ("staff", "places"): places,
    }  # fmt: skip
    free = frozenset({("offers",), ("lessons",), ("staff", "places"), ("bans",)})
    return _Codes({where: frozenset(codes) for where, codes in needed.items()}, free, lists, rules)


def _of_strategies(folders: Iterable[Path]) -> tuple[set[str], set[str]]:
    """The offers and lessons that some strategy speaks of."""
    steps = [
        step
        for folder in folders
        for path in sorted(folder.glob("strategies/*/policies/*.yaml"))
        if not path.name.endswith(".cases.yaml")
        for step in (yaml.safe_load(path.read_text("utf-8")) or {}).get("steps", [])
    ]
    return {offer for step in steps for offer in step.get("offers", ())}, {
        step["lesson"] for step in steps if step.get("lesson")
    }


@dataclass(frozen=True)
class _File:
    """One words file, read beside the English one."""

    name: str
    words: LanguageWords
    document: Document
    english: LanguageWords
    codes: _Codes

    def problems(self) -> list[Problem]:
        said = {sentence.where: sentence for sentence in sentences_in(self.words)}
        model = {sentence.where: sentence for sentence in sentences_in(self.english)}
        found = [*self._codes_missing(), *self._reasons_unsaid()]
        for where, sentence in said.items():
            found += [
                self._says(where, text) for text in pattern_troubles(sentence, self.name, model.get(where))
            ]
        found += [self._says(where, text) for where, text in self._unkind(said.values())]
        return sorted(dict.fromkeys(found), key=lambda it: (it.file, it.line))

    def _says(self, where: Where, text: str) -> Problem:
        return self.document.problem(where, f"{'.'.join(map(str, where))}: {text}")

    def _codes_missing(self) -> Iterator[Problem]:
        for where, needed in self.codes.needed.items():
            section: object = self.words
            for part in where:
                section = getattr(section, str(part))
            given = set(section)  # type: ignore[call-overload]
            for code in sorted(needed - given):
                yield self._says(where, f"'{code}' has no words here; write them")
            known = self.codes.rules if where == ("bans",) else needed
            for code in (
                sorted(given - set(known)) if where not in self.codes.free or where == ("bans",) else ()
            ):
                yield self._says((*where, code), f"'{code}' is not a known code.{did_you_mean(code, known)}")

    def _reasons_unsaid(self) -> Iterator[Problem]:
        for code, reason in self.codes.lists.reasons.items():
            words = self.words.reasons.get(code)
            if words is None:
                continue
            if reason.audience == "borrower" and not (words.why and words.change):
                yield self._says(
                    ("reasons", code), "a person may read this reason: say why, and what would change it"
                )
            if reason.audience != "borrower" and (words.why or words.change):
                yield self._says(
                    ("reasons", code), f"a person never reads this reason; she reads '{reason.instead}'"
                )
            if self.name != ENGLISH and not words.staff:
                yield self._says(("reasons", code), "staff need a sentence about the person")

    def _unkind(self, sentences: Iterable[Sentence]) -> Iterator[tuple[Where, str]]:
        """Words that blame, threaten or hurry; sentences that are too long; too many long words in all."""
        plain = self.words.plain
        texts: list[str] = []
        for sentence in sentences:
            if sentence.for_staff or sentence.is_date:
                continue
            try:
                ways = readings(sentence.pattern)
            except BadPattern:
                continue
            texts += ways
            for word in sorted({word for way in ways for word in unkind_words(way, self.words.never)}):
                yield sentence.where, f"'{word}' blames, threatens or hurries; say it kindly"
            longest = max((len(words_of(one)) for way in ways for one in sentences_of(way)), default=0)
            if longest > plain.words:
                yield (
                    sentence.where,
                    f"has {longest} words in one sentence; {plain.words} are the most, make two of it",
                )
        share = reading_of(texts, plain).share_long
        if share > plain.share_long:
            yield (
                ("plain",),
                f"{share} % of the words have more than {plain.letters} letters; {plain.share_long} % are the most",
            )
