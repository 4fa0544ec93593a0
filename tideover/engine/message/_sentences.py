"""Every sentence of a words file, with its place and what it may speak of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tideover.engine.message.told import TELLABLE, Form
from tideover.engine.message.words import LanguageWords, StaffWords
from tideover.engine.policy.content import Where

SECTIONS = ("treatments", "tones", "statuses", "kinds", "places", "labels", "values", "purposes", "reasons")
"""The sections of a staff file: a name or a sentence for each code."""

INSIGHTS = frozenset(TELLABLE)
PLANNED = frozenset({"send_at", "time"})
GIVEN = ("basis", "told_us", "count", "offers", "label", "value", "day", "kind", "place", "status")
MOMENTS_AND_PARTS = ("at", "next_review_at", "send_at", "sent_at", "time", "digits", "currency", "d", "t")
OF_DATES = ("weekday", "month", "year", "hour", "minute", "part")
ALWAYS = frozenset({*GIVEN, *MOMENTS_AND_PARTS, *OF_DATES})
"""Arguments that are never unknown where they are allowed; a last sentence may use these only."""

NUMBERS = frozenset({"count", *(name for name, form in TELLABLE.items() if form in (Form.COUNT, Form.DAYS))})


@dataclass(frozen=True)
class Sentence:
    """A pattern. `may` are the arguments known at its place; `is_last`: nothing stands behind it if one is unknown.

    `sure` are the arguments that are never unknown there, `numbers` those that a plural may ask for.
    """

    where: Where
    pattern: str
    may: frozenset[str] = frozenset()
    is_last: bool = True
    for_staff: bool = False
    is_date: bool = False
    sure: frozenset[str] = ALWAYS
    numbers: frozenset[str] = NUMBERS


def _several(where: Where, patterns: tuple[str, ...], may: frozenset[str]) -> Iterator[Sentence]:
    for at, pattern in enumerate(patterns):
        yield Sentence((*where, at), pattern, may, is_last=at == len(patterns) - 1)


def sentences_in(words: LanguageWords) -> Iterator[Sentence]:
    """All of them."""
    for name, heading in words.headings:
        yield Sentence(("headings", name), heading)
    yield from _common(words)
    yield from _dates(words)
    for code, channel in words.channels.items():
        yield Sentence(("channels", code, "name"), channel.name)
        yield Sentence(("channels", code, "planned"), channel.planned, PLANNED)
        yield Sentence(("channels", code, "sent"), channel.sent, frozenset({"sent_at"}))
    for code, purpose in words.purposes.items():
        yield from _several(("purposes", code), purpose, INSIGHTS | {"lesson"})
    for section in ("offers", "lessons"):
        for code, name in getattr(words, section).items():
            yield Sentence((section, code), name)
    yield from _reasons(words)


def _common(words: LanguageWords) -> Iterator[Sentence]:
    may = {"silence": {"at"}, "contact_planned": {"send_at"}, "contact_sent": {"sent_at"}, "several_loans": {"count"},
           "offers": {"offers"}, "lesson": {"lesson"}, "next_review": {"next_review_at"}}  # fmt: skip
    for name, text in words.sentences:
        patterns = (text,) if isinstance(text, str) else text
        for at, pattern in enumerate(patterns):
            where: Where = ("sentences", name) if isinstance(text, str) else ("sentences", name, at)
            yield Sentence(where, pattern, frozenset(may.get(name, ())), at == len(patterns) - 1)


def _dates(words: LanguageWords) -> Iterator[Sentence]:
    for name, pattern in words.dates:
        may = {"t", "hour", "minute", "part"} if name == "time" else {"d", "weekday", "month", "year"}
        yield Sentence(("dates", name), pattern, frozenset(may), is_date=True)
    if words.money is not None:
        yield Sentence(
            ("money", "amount"), words.money.amount, frozenset({"digits", "currency"}), is_date=True
        )


def _reasons(words: LanguageWords) -> Iterator[Sentence]:
    may = INSIGHTS | {"channels", "basis", "told_us"}
    for code, reason in words.reasons.items():
        yield from _several(("reasons", code, "why"), reason.why, may)
        yield from _several(("reasons", code, "change"), reason.change, INSIGHTS)
    for kind, rule in words.rules.items():
        yield from _several(("rules", kind, "law"), rule.law, frozenset({"channels"}))
        yield from _several(("rules", kind, "ours"), rule.ours, frozenset({"channels"}))
        yield Sentence(("rules", kind, "change"), rule.change)
    for rule_id, patterns in words.bans.items():
        yield from _several(("bans", rule_id), patterns, frozenset({"channels"}))


def staff_sentences_in(words: StaffWords) -> Iterator[Sentence]:
    """All that staff read."""
    may = {"entry": {"label", "value"}, "moment": {"day", "time"}, "standing": {"kind", "place", "status"},
           "further": {"count"}}  # fmt: skip
    for name, text in words:
        if isinstance(text, str):
            yield Sentence((name,), text, frozenset(may.get(name, ())), for_staff=True)
    for name, heading in words.headings:
        yield Sentence(("headings", name), heading, for_staff=True)
    for section in SECTIONS:
        for code, name in getattr(words, section).items():
            yield Sentence((section, code), name, for_staff=True)
