"""What is wrong with one pattern: it cannot be read, asks for what is not there, or lacks a plural form."""

from __future__ import annotations

from collections.abc import Iterator

from tideover.engine.message._sentences import Sentence
from tideover.engine.message.patterns import BadPattern, Choice, Value, arguments, build, parse, places
from tideover.engine.message.speech import WHEN
from tideover.kit.nearest import did_you_mean
from tideover.kit.text import locale_of


def pattern_troubles(sentence: Sentence, language: str, model: Sentence | None) -> Iterator[str]:
    """Everything wrong with a sentence; `model` is the English sentence at the same place."""
    try:
        build(sentence.pattern, language)
    except BadPattern as error:
        yield f"the pattern {error}"
        return
    if not sentence.pattern.strip():
        yield "is empty; write the sentence"
    yield from _arguments(sentence)
    yield from _plurals(sentence, language)
    if model is not None and not sentence.is_date and _is_readable(model):
        yield from _unlike(sentence, model)


def _is_readable(sentence: Sentence) -> bool:
    try:
        parse(sentence.pattern)
    except BadPattern:
        return False
    return True


def _plain(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name.removeprefix(WHEN) for name in names)


def _arguments(sentence: Sentence) -> Iterator[str]:
    asked = _plain(arguments(sentence.pattern))
    for name in sorted(asked - sentence.may):
        yield f"{{{name}}} is not known at this place.{did_you_mean(name, sentence.may)}"
    unsure = sorted((asked & sentence.may) - sentence.sure) if sentence.is_last else []
    if unsure:
        yield f"may go unsaid where {', '.join(unsure)} is unknown; write one more sentence, without it, behind"
    for place in places(parse(sentence.pattern)):
        is_number = place.kind in ("plural", "number") or (
            isinstance(place, Choice) and place.kind == "selectordinal"
        )
        if isinstance(place, Value) and place.name in sentence.numbers and place.kind != "number":
            yield f"{{{place.name}}} is a number: write {{{place.name}, plural, ...}} or {{{place.name}, number}}"
        elif is_number and not sentence.is_date and place.name not in sentence.numbers:
            yield f"{{{place.name}}} is text, not a number; write {{{place.name}}}"


def _plurals(sentence: Sentence, language: str) -> Iterator[str]:
    """A form that is left out is read as `other`, which is wrong where the language tells it apart."""
    forms = {*locale_of(language).plural_form.tags, "other"}
    for place in places(parse(sentence.pattern)):
        if isinstance(place, Choice) and place.kind == "plural":
            missing, odd = (
                forms - place.selectors,
                {s for s in place.selectors if not s.startswith("=")} - forms,
            )
            if missing:
                yield f"the plural of {place.name} lacks: {', '.join(sorted(missing))}"
            if odd:
                yield f"{language} has no plural form {', '.join(sorted(odd))}"


def _unlike(sentence: Sentence, model: Sentence) -> Iterator[str]:
    """The same values must be told in every language, and the same cases told apart."""
    ours, theirs = _plain(arguments(sentence.pattern)), _plain(arguments(model.pattern))
    if ours != theirs:
        yield f"speaks of {_listed(ours)}, the English sentence of {_listed(theirs)}; they must tell the same"
    cases = _cases(model)
    for name, selectors in _cases(sentence).items():
        if cases.get(name, selectors) != selectors:
            yield f"tells {_listed(selectors)} apart by {name}, the English sentence {_listed(cases[name])}"


def _cases(sentence: Sentence) -> dict[str, frozenset[str]]:
    found = [place for place in places(parse(sentence.pattern)) if isinstance(place, Choice)]
    return {place.name: place.selectors for place in found if place.kind == "select"}


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
