"""Wishes in her words."""

from __future__ import annotations

from tideover.engine.message import PageWords
from tideover.support.voice.wishes import CHANNELS, KINDS, NO, YES

LANGUAGE = "language"
GROUPS = (
    ("reach", ("channels", "hours", "quiet_days", "letters_only", "no_calls", "shared_phone", LANGUAGE)),
    ("helps", ("large_print", "voice", "interpreter", "trusted_person")),
    ("other", ("rhythm", "do_not_study")),
)
"""In which order they stand on the page."""


def value_said(words: PageWords, name: str, value: str) -> str:
    """One value as she would say it."""
    if name == "channels":
        return words.language.channels[value].name if value in CHANNELS else value
    if value in (YES, NO):
        return words.say(f"wishes.{value}")
    return words.say(f"wishes.value.{value}") if words.has(f"wishes.value.{value}") else value


def wish_said(words: PageWords, name: str, kept: str) -> str:
    """All of a wish in one line."""
    said = [value_said(words, name, it) for it in kept.split(",") if it]
    return ("، " if words.tag == "fa" else ", ").join(said) or words.say("wishes.none")


def choices(words: PageWords, name: str, kept: str) -> list[tuple[str, str, bool]]:
    """Every value of a wish: the value, how it is said, and whether it is chosen."""
    chosen = set(kept.split(","))
    return [(it, value_said(words, name, it), it in chosen) for it in KINDS[name].values]
