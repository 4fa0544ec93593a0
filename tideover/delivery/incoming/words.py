"""What a person's words mean, where that is certain; in doubt a person reads them.

Only a short message that is nothing but a known answer is certain. Whatever else holds a STOP word is a stop all the same,
and is read by a person too: messaging somebody who may have said stop is the worse mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tideover.delivery.incoming.folding import folded, unmarked
from tideover.delivery.incoming.phrases import KINDS, Named, Phrases, read_phrases

AnswerKind = Literal[Named, "unclear"]
SHORT = 60
"""Letters. Longer messages say more than one thing."""
LONGEST = 100_000
"""Letters. No text that is taken in is longer, and of a longer mail a person reads the whole; a danger may stand at the very end."""
_ALL: frozenset[Named] = frozenset(KINDS)
_GRAVE: frozenset[Named] = frozenset({"death", "stop"})
_STOP: frozenset[Named] = frozenset({"stop"})
COURTESY = frozenset(
    {
        "please",
        "pls",
        "plz",
        "thanks",
        "thank you",
        "bitte",
        "danke",
        "por favor",
        "obrigado",
        "gracias",
        "lūdzu",
        "paldies",
    }
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was understood."""

    kind: AnswerKind
    certain: bool
    """May be acted on at once; else a person reads it, and a stop is kept until then."""
    danger: bool
    """Speaks of self-harm, violence or a threat: a person reads it at once, whatever else it says."""
    also: frozenset[Named] = frozenset()
    """What else it seems to say."""


def classify(text: str, language: str, phrases: Mapping[str, Phrases] | None = None) -> Answer:
    """Understood in the person's language and in English; a stop and a danger in every language we know."""
    known = read_phrases() if phrases is None else phrases
    words = folded(text[:LONGEST])
    own = language.partition("-")[0].lower()
    danger = _is_danger(words, known)
    certain = _certain(words, own, known) if len(text) <= SHORT and not danger else None
    if certain:
        return Answer(certain, certain=True, danger=False)
    cleared = _cleared(words, [known[name] for name in (own, "en") if name in known])
    forms = _forms(cleared)
    found = {
        kind
        for name, it in known.items()
        for kind in _held(forms, it, _ALL if name in (own, "en") else _STOP)
    }
    first = next((kind for kind in KINDS if kind in found), None)
    if first is None:
        return Answer("unclear", certain=False, danger=danger)
    return Answer(first, certain=False, danger=danger, also=frozenset(found - {first}))


def grave(text: str, phrases: Mapping[str, Phrases] | None = None) -> frozenset[str]:
    """Which of danger, death and stop these words may hold, whatever language they are in."""
    known = read_phrases() if phrases is None else phrases
    words = folded(text[:LONGEST])
    said: set[str] = {"danger"} if _is_danger(words, known) else set()
    is_short = len(text) <= SHORT and not said
    unsure: dict[str, set[str]] = {}
    for own in known:
        if is_short and (kind := _certain(words, own, known)):
            said.add(kind)
        else:
            unsure.setdefault(_cleared(words, [known[it] for it in (own, "en")]), {"en"}).add(own)
    # One, but for words that look like an answer somewhere and are none.
    for cleared, own_ones in unsure.items():
        forms = _forms(cleared)
        said |= {
            kind
            for name, it in known.items()
            for kind in _held(forms, it, _GRAVE if name in own_ones else _STOP)
        }
    return frozenset(said & {"danger", "death", "stop"})


def is_stop(text: str) -> bool:
    """Is it nothing but a stop, in any language?"""
    return len(text) <= SHORT and _certain(folded(text), "en", read_phrases()) == "stop"


def _certain(words: str, own: str, known: Mapping[str, Phrases]) -> Named | None:
    bare = _without_courtesy(words)
    mine = [known[name] for name in dict.fromkeys((own, "en")) if name in known]
    if any(words in it.ambiguous or words in it.harmless for it in mine):
        return None
    meant = {kind for it in mine if (kind := _whole(bare, it))}
    if len(meant) == 1:
        return meant.pop()
    # STOP in any language we know is STOP.
    return "stop" if not meant and any(_whole(bare, it) == "stop" for it in known.values()) else None


def _whole(words: str, phrases: Phrases) -> Named | None:
    """Marks that were typed must be the right ones; marks left out are no mistake."""
    return phrases.whole.get(words)


def _forms(words: str) -> set[str]:
    """With their marks and without, between spaces: a phrase is looked for between spaces too."""
    return {f" {words} ", f" {unmarked(words)} "}


def _is_danger(words: str, known: Mapping[str, Phrases]) -> bool:
    return any(_holds(form, it.dangers) for form in _forms(words) for it in known.values())


def _held(forms: set[str], phrases: Phrases, kinds: frozenset[Named]) -> set[Named]:
    wanted = {phrase: kind for phrase, kind in phrases.whole.items() if kind in kinds}
    inside = wanted.keys() - phrases.alone
    return {
        kind
        for phrase, kind in wanted.items()
        if any(
            form == f" {phrase} " or (phrase in inside and len(phrase) > 1 and f" {phrase} " in form)
            for form in forms
        )
    }


def _cleared(words: str, mine: list[Phrases]) -> str:
    """Without what looks like an answer and is none."""
    padded = f" {words} "
    for phrase in (phrase for it in mine for phrase in it.harmless):
        padded = padded.replace(f" {phrase} ", " \x00 ")
    return padded.strip()


def _holds(form: str, wanted: frozenset[str]) -> bool:
    return any(f" {phrase} " in form for phrase in wanted)


def _without_courtesy(words: str) -> str:
    for courtesy in COURTESY:
        words = words.removeprefix(f"{courtesy} ").removesuffix(f" {courtesy}")
    return words
