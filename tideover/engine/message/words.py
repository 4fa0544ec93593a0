"""The words files: what people read in each language, and the closed lists and rules they speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator

from tideover.engine.policy.content import (
    SHIPPED,
    ContentRefused,
    Document,
    Problem,
    read_document,
    validated,
)
from tideover.engine.policy.lists import Lists, Strict, read_lists
from tideover.engine.policy.rules import Rule, Rules, read_rules

FOLDER = "words"
STAFF_FOLDER = "words/staff"
ENGLISH = "en"
LANGUAGES = ("en", "bn", "lv", "vi", "fa")
"""The languages in which every code has its sentence."""

Basis = Literal["law", "ours"]
Sentences = Annotated[
    tuple[str, ...], BeforeValidator(lambda given: (given,) if isinstance(given, str) else given)
]
"""One sentence or several: the first whose values are all known is said."""


class Plain(Strict):
    """How plain a language's sentences must be: most words in one, letters of a long word, per cent of long words."""

    words: int
    letters: int
    share_long: int


class Dates(Strict):
    """A day by its name, the same day as the time of an action, both with the year, and a time of day."""

    day: str
    day_and_year: str
    when: str
    when_and_year: str
    time: str


class MoneyWords(Strict):
    """How amounts are written where people write them unlike CLDR: a pattern, and the currencies' names."""

    amount: str
    currencies: dict[str, str]


class Headings(Strict):
    """What stands above each part."""

    what: str
    why: str
    blocked: str
    change: str
    next: str


class CommonWords(Strict):
    """Sentences that belong to no code."""

    other_language: str
    silence: str
    contact_planned: str
    contact_sent: str
    ask_us: str
    person_takes_over: str
    several_loans: str
    offers: str
    lesson: Sentences
    next_review: str
    a_person: str
    other_offer: str


class ChannelWords(Strict):
    """A channel by name, a contact by it that is planned, and one that was made."""

    name: str
    planned: str
    sent: str


class ReasonWords(Strict):
    """Why, and what would change it."""

    why: Sentences = ()
    change: Sentences = ()


class RuleWords(Strict):
    """What a kind of rule means for the person, where a law says it and where it is our own choice."""

    law: Sentences
    ours: Sentences
    change: str

    def on(self, basis: Basis) -> tuple[str, ...]:
        """The sentence for a law, or for our own choice."""
        return self.law if basis == "law" else self.ours


class LanguageWords(Strict):
    """What the person reads: words/<language>.yaml."""

    name: str
    plain: Plain
    never: tuple[str, ...]
    public_never: tuple[str, ...] = ()
    dates: Dates
    money: MoneyWords | None = None
    headings: Headings
    sentences: CommonWords
    channels: dict[str, ChannelWords]
    purposes: dict[str, Sentences]
    offers: dict[str, str]
    lessons: dict[str, str]
    reasons: dict[str, ReasonWords]
    rules: dict[str, RuleWords]
    bans: dict[str, Sentences]


class StaffHeadings(Strict):
    """What stands above the parts that only staff read."""

    chosen: str
    trace: str


class StaffWords(Strict):
    """What only staff read: words/staff/<language>.yaml. `reasons` and `purposes` speak about the person."""

    entry: str
    moment: str
    standing: str
    between: str
    further: str
    unknown_place: str
    as_the_person_reads_it: str
    headings: StaffHeadings
    treatments: dict[str, str]
    tones: dict[str, str]
    statuses: dict[str, str]
    kinds: dict[str, str]
    places: dict[str, str]
    labels: dict[str, str]
    values: dict[str, str]
    purposes: dict[str, str]
    reasons: dict[str, str]


@dataclass(frozen=True)
class Words:
    """Every language, with the closed lists and the rules that explanations speak of."""

    languages: Mapping[str, LanguageWords]
    staff: Mapping[str, StaffWords]
    lists: Lists
    rules: Mapping[str, Rule]

    def knows(self, language: str | None, *, for_staff: bool = False) -> bool:
        """Whether there are words in this language, and for staff those for staff too."""
        base = base_of(language)
        return base in self.languages and (not for_staff or base in self.staff)

    def tag(self, language: str | None, *, for_staff: bool = False) -> str:
        """The language that is spoken for one that was asked for; English where there are no words in it."""
        return base_of(language) if self.knows(language, for_staff=for_staff) else ENGLISH


def base_of(language: str | None) -> str:
    """The language alone: "bn-BD" and "bn_BD" are "bn"; scripts other than the usual one are not ours to guess."""
    parts = (language or "").replace("_", "-").split("-")
    written = [part for part in parts[1:] if len(part) == 4]
    return parts[0].lower() if not written else "-".join(parts).lower()


def documents(overlay: Path | None = None, folder: str = FOLDER) -> dict[str, Document]:
    """Every words file of a folder by its language: the lender's own in place of ours, whole file."""
    folders = [SHIPPED / folder, *([overlay / folder] if overlay else [])]
    files = {path.stem: path for folder_ in folders for path in sorted(folder_.glob("*.yaml"))}
    return {name: read_document(path, f"{folder}/{path.name}") for name, path in sorted(files.items())}


def read_words(
    overlay: Path | None = None, *, lists: Lists | None = None, rules: Rules | None = None
) -> Words:
    """All languages of a content folder. Raises ContentRefused with every problem of shape, file and line."""
    problems: list[Problem] = []
    languages = {name: validated(it, LanguageWords, problems) for name, it in documents(overlay).items()}
    staff = {
        name: validated(it, StaffWords, problems) for name, it in documents(overlay, STAFF_FOLDER).items()
    }
    if problems:
        raise ContentRefused(problems)
    return Words(
        {name: words for name, words in languages.items() if words is not None},
        {name: words for name, words in staff.items() if words is not None},
        lists or read_lists(overlay),
        (rules or read_rules(SHIPPED, *([overlay] if overlay else []))).by_id,
    )
