"""What the person herself reads, to whom nothing is told that is not hers to know."""

from __future__ import annotations

from collections.abc import Iterable

from tideover.engine.message.explanation import Line, Part
from tideover.engine.message.speech import Speech
from tideover.engine.message.tellable import (
    TOLD_BACK,
    Obstacle,
    basis_of,
    kind_of,
    obstacles_told,
    reasons_told,
    restricted_holds,
)
from tideover.engine.message.told import Told
from tideover.engine.message.words import LanguageWords, ReasonWords

LESSON = "lesson"
MOST_CHANGES = 3
"""A person reads the first few things that would change a decision, not all of them."""


def borrower_parts(speech: Speech) -> Iterable[Part]:
    """What the person herself reads."""
    headings = speech.language.headings
    yield _part("what", headings.what, what_was_decided(speech))
    yield _part("why", headings.why, why(speech))
    yield _part("blocked", headings.blocked, what_blocked(speech))
    yield _part(
        "change", headings.change, [text for text in dict.fromkeys(changes(speech)) if text][:MOST_CHANGES]
    )
    yield _part("next", headings.next, [speech.say(speech.language.sentences.next_review)])


def _part(name: str, heading: str, texts: Iterable[str]) -> Part:
    return Part(name, heading, tuple(Line(text) for text in dict.fromkeys(texts) if text))


def what_was_decided(speech: Speech) -> Iterable[str]:
    """Contact or silence; what the message is; how many loans, which lesson and which help go with it."""
    told, sentences = speech.told, speech.language.sentences
    if not told.is_spoken:
        return [speech.say(sentences.silence)]
    lesson = speech.language.lessons.get(told.text("lesson"))
    purpose = speech.language.purposes.get(told.text("purpose"))
    count = len({str(topic.get("subject")) for topic in told.topics})
    return [
        contact_sentence(speech),
        speech.say(purpose, lesson=lesson) if purpose else "",
        speech.say(sentences.several_loans, count=count) if count > 1 else "",
        speech.say(sentences.lesson, lesson=lesson)
        if told.text("lesson") and told.text("purpose") != LESSON
        else "",
        speech.say(
            sentences.offers, offers=speech.listed(offer_names(speech.language, further_offers(told)))
        ),
    ]


def contact_sentence(speech: Speech) -> str:
    """By which channel and when; a person takes over what no channel can carry."""
    told, sentences = speech.told, speech.language.sentences
    channel = speech.language.channels.get(told.text("channel"))
    if told.sent_at is not None:
        return speech.say((*([channel.sent] if channel else []), sentences.contact_sent))
    planned = speech.say((*([channel.planned] if channel else []), sentences.contact_planned))
    return planned or speech.say(sentences.person_takes_over)


def further_offers(told: Told) -> list[str]:
    """The offers of help, save the one that the message itself is about."""
    return [offer for offer in told.offers if f"{offer}_offer" != told.text("purpose")]


def offer_names(language: LanguageWords, offers: Iterable[str]) -> list[str]:
    """Offers by name; those without one together as one more way."""
    return [language.offers.get(offer, language.sentences.other_offer) for offer in offers]


def why(speech: Speech) -> Iterable[str]:
    """Every reason the person may read; where there is none, what stood in the way; else whom to ask."""
    lists = speech.words.lists
    said = [why_sentence(speech, code) for code in reasons_told(speech.told, lists, "borrower")]
    said = [text for text in said if text] or held_back(speech)
    return said or [speech.language.sentences.ask_us]


def held_back(speech: Speech) -> list[str]:
    """What stood in the way, each thing once."""
    lines = [obstacle_sentence(speech, it) for it in obstacles_told(speech.told, speech.words.lists)]
    return [text for text in dict.fromkeys(lines) if text]


def why_sentence(speech: Speech, code: str) -> str:
    """A reason's sentence, with what is known."""
    told, lists = speech.told, speech.words.lists
    told_us = "yes" if code == TOLD_BACK and told.told_us(restricted_holds(lists)) else "no"
    basis = basis_of(told.text("step"), speech.words)
    return speech.say(_reason(speech, code).why, told_us=told_us, basis=basis)


def _reason(speech: Speech, code: str) -> ReasonWords:
    return speech.language.reasons.get(code) or ReasonWords()


def what_blocked(speech: Speech) -> Iterable[str]:
    """What held a message back, save what is already said as a reason."""
    said = {*why(speech)}
    return [text for text in held_back(speech) if text not in said]


def obstacle_sentence(speech: Speech, it: Obstacle) -> str:
    """A hold, a wish, a missing address, or a rule in plain words and without its id."""
    channels = speech.listed(
        speech.channel_names[name] for name in it.channels if name in speech.channel_names
    )
    if it.code in speech.words.lists.reasons:
        return speech.say(_reason(speech, it.code).why, channels=channels, told_us="no", basis="ours")
    language = speech.language
    rule = language.rules[kind_of(it.code, speech.words, language.rules)]
    sentences = language.bans.get(it.code) or rule.on(basis_of(it.code, speech.words))
    return speech.say(sentences, channels=channels)


def changes(speech: Speech) -> Iterable[str]:
    """What would change the decision: first for the reasons, then for what stood in the way."""
    language, lists = speech.language, speech.words.lists
    for code in reasons_told(speech.told, lists, "borrower"):
        yield speech.say(_reason(speech, code).change)
    for it in obstacles_told(speech.told, lists):
        if it.code in lists.reasons:
            yield speech.say(_reason(speech, it.code).change)
        else:
            yield speech.say(language.rules[kind_of(it.code, speech.words, language.rules)].change)
