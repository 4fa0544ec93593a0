"""check_messages(content): every purpose has its message in every language, whole, kind, plain and short enough."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tideover.engine.message._pattern_check import pattern_troubles
from tideover.engine.message._samples import HEAD, LONG_NAME, sample_given, sample_told
from tideover.engine.message._sentences import Sentence
from tideover.engine.message._template_forms import form_problems
from tideover.engine.message._template_texts import Placed, closing_texts, template_texts
from tideover.engine.message.compose import About, compose
from tideover.engine.message.lender_values import check_lender_values
from tideover.engine.message.patterns import BadPattern, Choice, Value, arguments, parse, places, readings
from tideover.engine.message.placeholders import PLACEHOLDERS, Kind, plain_name
from tideover.engine.message.plain import reading_of, sentences_of, unkind_words, words_of
from tideover.engine.message.sms import most_parts
from tideover.engine.message.template import Template, read_template
from tideover.engine.message.templates import (
    CLOSING,
    FOLDER,
    MESSAGE_LANGUAGES,
    RULE_WORDS,
    Closing,
    Templates,
    files,
    read_closing,
    read_rule_words,
)
from tideover.engine.message.told import Told
from tideover.engine.message.words import ENGLISH, Words, read_words
from tideover.engine.policy.content import SHIPPED, ContentRefused, Problem, read_document
from tideover.engine.policy.lists import Lists
from tideover.engine.policy.rules import Rules
from tideover.kit.nearest import did_you_mean

MOST_WORDS = 60
"""Words of the short form, with what closes it."""


def check_messages(overlay: Path | None = None, *, rules: Rules | None = None) -> list[Problem]:
    """Every problem of the message templates, with file and line; none where all is well."""
    try:
        words = read_words(overlay, rules=rules)
    except ContentRefused as refused:
        return refused.problems
    found = _read(overlay, words)
    problems = [*found.problems, *_missing(found, words.lists), *_rule_words(found, overlay)]
    for language, closing in found.closings.items():
        if not words.languages[language].public_never:
            problems.append(
                Problem(
                    f"words/{language}.yaml", 1, "has no `public_never`; list the words others may not see"
                )
            )
        label = f"{FOLDER}/{CLOSING}/{language}.md"
        problems += _File(label, language, words, list(closing_texts(closing)), ()).problems()
    problems += check_lender_values(overlay, words)
    for (name, language), template in found.messages.items():
        problems += _template(found, name, language, template, words)
    return sorted(dict.fromkeys(problems))


@dataclass(frozen=True)
class _Found:
    messages: Mapping[tuple[str, str], Template]
    closings: Mapping[str, Closing]
    rule_words: Mapping[str, Mapping[str, tuple[str, ...]]]
    problems: list[Problem]
    seen: frozenset[tuple[str, str]]


def _read(overlay: Path | None, words: Words) -> _Found:
    """Every file that can be read; whatever cannot is a problem, and the rest is looked at all the same."""
    messages: dict[tuple[str, str], Template] = {}
    closings: dict[str, Closing] = {}
    rule_words: dict[str, Mapping[str, tuple[str, ...]]] = {}
    problems: list[Problem] = []
    seen: set[tuple[str, str]] = set()
    for name, language, path in (*files(overlay, ".md"), *files(overlay, ".yaml")):
        label = f"{FOLDER}/{name}/{path.name}"
        seen.add((name, language))
        if language not in words.languages:
            says = f"there are no words in {language!r}; a message needs words/{language}.yaml too"
            problems.append(Problem(label, 1, says))
            continue
        try:
            if path.suffix == ".yaml" and name == RULE_WORDS:
                rule_words[language] = read_rule_words(path, label)[0].words
            elif name == CLOSING:
                closings[language] = read_closing(path, label)
            elif name in words.lists.purposes:
                messages[name, language] = read_template(path, name=name, language=language, label=label)
            else:
                says = f"{name!r} is not a known purpose.{did_you_mean(name, words.lists.purposes)}"
                problems.append(Problem(label, 1, says))
        except ContentRefused as refused:
            problems += refused.problems
    return _Found(messages, closings, rule_words, problems, frozenset(seen))


def _missing(found: _Found, lists: Lists) -> Iterator[Problem]:
    for language in MESSAGE_LANGUAGES:
        for name in (*lists.purposes, CLOSING):
            if (name, language) not in found.seen:
                yield Problem(
                    f"{FOLDER}/{name}/{language}.md",
                    1,
                    f"is missing; every purpose needs a message in {language}",
                )


def _rule_words(found: _Found, overlay: Path | None) -> Iterator[Problem]:
    """A block that a rule may demand needs its words, or no message it is demanded of can be sent."""
    codes: set[str] = set()
    for folder in (SHIPPED, *([overlay] if overlay else [])):
        path = folder / "rules" / "_words.yaml"
        data = read_document(path).data if path.exists() else None
        codes |= set(data.get("words", {})) if isinstance(data, dict) else set()
    codes -= {"opt_out"}
    for language in MESSAGE_LANGUAGES:
        label, given = f"{FOLDER}/{RULE_WORDS}/{language}.yaml", found.rule_words.get(language, {})
        for code in sorted(codes - set(given)):
            yield Problem(label, 1, f"{code!r} has no words here; a rule may demand them")
        for code in sorted(set(given) - codes):
            yield Problem(label, 1, f"{code!r} is no block of rules/_words.yaml.{did_you_mean(code, codes)}")
        for code, patterns in sorted(given.items()):
            for text in patterns:
                sentence = Sentence((code,), text, frozenset(PLACEHOLDERS), is_last=False)
                for says in pattern_troubles(sentence, language, None):
                    yield Problem(label, 1, f"words.{code}: {says}")


def _template(found: _Found, name: str, language: str, template: Template, words: Words) -> Iterator[Problem]:
    label = template.document.label
    texts = list(template_texts(template))
    own = [
        *form_problems(template, words.lists),
        *_File(label, language, words, texts, template.head.law_words).problems(),
    ]
    yield from own
    model = found.messages.get((name, ENGLISH))
    if model is not None and language != ENGLISH:
        yield from _unlike(label, texts, list(template_texts(model)))
    if language in found.closings and template.head.short and not own:
        yield from _length(found, name, language, words)


@dataclass(frozen=True)
class _File:
    label: str
    language: str
    words: Words
    texts: list[Placed]
    law_words: tuple[str, ...]

    def problems(self) -> Iterator[Problem]:
        for placed in self.texts:
            for says in (*self._pattern(placed), *self._kind(placed)):
                yield Problem(self.label, placed.line, f"{placed.field}: {says}")
        plain = self.words.languages[self.language].plain
        told = [way for it in self.texts if it.readers != "staff" for way in _ways(it.pattern)]
        share = reading_of(told, plain).share_long
        # One long word in a short message is no share of anything.
        if share > 2 * plain.share_long:
            yield Problem(
                self.label,
                1,
                f"{share} % of the words have more than {plain.letters} letters; {2 * plain.share_long} % may",
            )

    def _pattern(self, placed: Placed) -> Iterator[str]:
        if not placed.pattern:
            return
        yield from pattern_troubles(placed.sentence, self.language, None)
        try:
            found = list(places(parse(placed.pattern)))
        except BadPattern:
            return
        for place in found:
            it = PLACEHOLDERS.get(plain_name(place.name))
            if it is not None and place.name != plain_name(place.name) and it.kind is not Kind.DAY:
                yield f"{{{place.name}}}: only a day is also told as the time of an action; write {{{plain_name(place.name)}}}"
            if it is not None and it.kind is Kind.CHOICE:
                yield from _choice(place.name, it.cases, place)

    def _kind(self, placed: Placed) -> Iterator[str]:
        """Words that blame, threaten or hurry, that tell others what it is about; sentences that are too long."""
        if placed.readers == "staff":
            return
        words = self.words.languages[self.language]
        never = tuple(it for it in words.never if it not in self.law_words)
        for way in _ways(placed.pattern):
            for entry in unkind_words(way, never):
                yield f"'{entry}' blames, threatens or hurries; say it kindly"
            public = placed.readers in ("anyone", "anyone nearby")
            for entry in unkind_words(way, words.public_never) if public else ():
                yield f"'{entry}' would tell others what this is about; say it otherwise"
            longest = max((len(words_of(one)) for one in sentences_of(way)), default=0)
            if longest > words.plain.words:
                yield f"has {longest} words in one sentence; {words.plain.words} are the most, make two of it"


def _choice(name: str, cases: tuple[str, ...], place: Value | Choice) -> Iterator[str]:
    if isinstance(place, Value):
        yield f"{{{name}}} only tells cases apart: write {{{name}, select, ...}}"
        return
    for selector in sorted(place.selectors - {*cases, "other"}):
        yield f"{name} is never {selector!r}.{did_you_mean(selector, cases)}"


def _ways(pattern: str) -> tuple[str, ...]:
    try:
        return readings(pattern)
    except BadPattern:
        return ()


def _unlike(label: str, ours: Iterable[Placed], model: Iterable[Placed]) -> Iterator[Problem]:
    """Every language tells the same values in the same form; which ones a single sentence holds is its own matter."""
    mine, theirs = _told(ours), _told(model)
    for field in sorted({*mine, *theirs}):
        lacking, more = (
            theirs.get(field, set()) - mine.get(field, set()),
            mine.get(field, set()) - theirs.get(field, set()),
        )
        if lacking:
            yield Problem(
                label, 1, f"{field}: does not tell {', '.join(sorted(lacking))}, as the English one does"
            )
        if more:
            yield Problem(
                label, 1, f"{field}: tells {', '.join(sorted(more))}, which the English one does not"
            )


def _told(texts: Iterable[Placed]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for it in texts:
        try:
            found.setdefault(it.field, set()).update(plain_name(name) for name in arguments(it.pattern))
        except BadPattern:
            continue
    return found


def _length(found: _Found, name: str, language: str, words: Words) -> Iterator[Problem]:
    """Whether the short form fits, with everything known and with nothing known."""
    templates = Templates(found.messages, found.closings, found.rule_words, words)
    template = found.messages[name, language]
    line = template.document.line(("short",))
    bare = Template(
        name, language, template.head.model_copy(update={"needs": ()}), template.body, template.document, ""
    )
    templates = Templates({**found.messages, (name, language): bare}, found.closings, found.rule_words, words)
    known = sample_told(language, name)
    for what, told, given in (
        ("everything", known, sample_given(language)),
        ("nothing", Told({**known.row, "lesson": None}), {}),
    ):
        links = HEAD.links if given else {}
        sender = HEAD.sender if given else replace(HEAD.sender, name=LONG_NAME)
        message = compose(
            told, channel="sms", sender=sender, code=HEAD.code, links=links, templates=templates,
            about=About(values=given), language=language,
        )  # fmt: skip
        if message.segments and message.segments.parts > most_parts(language):
            yield Problem(
                template.document.label,
                line,
                f"short: takes {message.segments.parts} parts with {what} known; {most_parts(language)} may be: {message.text!r}",
            )
        count = len(message.text.split())
        if count > MOST_WORDS:
            yield Problem(
                template.document.label, line, f"short: has {count} words; {MOST_WORDS} are the most"
            )
