"""explain(decision): what was decided, why, what blocked the rest, what would change it, when we look again."""

from __future__ import annotations

from tideover.engine.message.borrower import borrower_parts
from tideover.engine.message.explanation import Explanation
from tideover.engine.message.speech import Speech
from tideover.engine.message.staff import staff_parts
from tideover.engine.message.tellable import Audience
from tideover.engine.message.told import Told
from tideover.engine.message.words import Words


def explain(told: Told, *, audience: Audience, language: str | None = None, words: Words) -> Explanation:
    """The decision in words, in the language asked for or the person's own; where it has none in English, saying so.

    A borrower reads no restricted reason, no rule by its id, no chance, no habit and nothing of another party; staff
    read everything the row holds.
    """
    asked = language or told.text("language") or None
    for_staff = audience == "staff"
    speech = Speech(told, words, words.tag(asked, for_staff=for_staff))
    sentences = speech.language.sentences
    parts = staff_parts(speech) if for_staff else borrower_parts(speech)
    return Explanation(
        audience=audience,
        language=speech.tag,
        direction=speech.direction,
        parts=tuple(part for part in parts if part.lines),
        note="" if words.knows(asked, for_staff=for_staff) else sentences.other_language,
        closing=sentences.a_person if audience == "borrower" else "",
    )
