"""Lessons: content/lessons/<code>/<language>.md, each a few short paragraphs and one question. The lender's own go before ours.

Only paragraphs, "## headings" and "- lists" are read; everything else is text, so a lesson can carry no markup of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from tideover.engine.policy.content import SHIPPED, ContentRefused, Document, Problem, document_of, validated
from tideover.engine.policy.lists import Strict

FOLDER = "lessons"
ENGLISH = "en"
FENCE = "---\n"
Moment = Literal["applying", "first_payment", "before_a_payment", "after_a_missed_day", "any_time"]
MOMENTS: tuple[Moment, ...] = (
    "first_payment",
    "before_a_payment",
    "after_a_missed_day",
    "applying",
    "any_time",
)
Kind = Literal["heading", "paragraph", "list"]


class Choice(Strict):
    """One answer to the question, with a kind word on it. Nobody is scored."""

    text: str
    says: str
    is_right: bool = False


class Head(Strict):
    """What stands above a lesson. `countries`: only there, everywhere where it is empty. `shows`: what is told of the lender."""

    title: str
    moment: Moment
    minutes: int = Field(ge=1, le=10)
    countries: tuple[str, ...] = ()
    shows: Literal["", "late_charges"] = ""
    question: str
    answers: tuple[Choice, ...] = Field(min_length=2, max_length=4)


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph or a list."""

    kind: Kind
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Lesson:
    """One lesson in one language."""

    code: str
    language: str
    head: Head
    blocks: tuple[Block, ...]
    document: Document

    @property
    def words(self) -> int:
        """How many it has, its question left out."""
        return sum(len(line.split()) for block in self.blocks for line in block.lines)

    def is_for(self, country: str) -> bool:
        """Whether it is true where somebody lives."""
        return not self.head.countries or country.upper() in self.head.countries


Library = Mapping[str, Mapping[str, Lesson]]
"""Lessons by code and language."""


@lru_cache(maxsize=2)
def read_lessons(overlay: Path | None = None) -> Library:
    """Every lesson in every language. Raises ContentRefused, listing every problem."""
    problems: list[Problem] = []
    found: dict[str, dict[str, Lesson]] = {}
    for code, language, path in _files(overlay):
        lesson = _read(code, language, path, problems)
        if lesson is not None:
            found.setdefault(code, {})[language] = lesson
    if problems:
        raise ContentRefused(problems)
    return found


def lesson_in(library: Library, code: str, language: str, country: str = "") -> Lesson | None:
    """One lesson in a language, in English where there is none; None where there is no such lesson in the country."""
    told = library.get(code, {})
    found = told.get(language) or told.get(language.split("-", maxsplit=1)[0]) or told.get(ENGLISH)
    return found if found is not None and found.is_for(country) else None


def lessons_for(library: Library, language: str, country: str) -> list[Lesson]:
    """All that hold where somebody lives, in the order of a loan's moments."""
    found = (lesson_in(library, code, language, country) for code in sorted(library))
    return sorted((it for it in found if it), key=lambda it: MOMENTS.index(it.head.moment))


def _files(overlay: Path | None) -> Iterator[tuple[str, str, Path]]:
    found: dict[tuple[str, str], Path] = {}
    for folder in (SHIPPED, *([overlay] if overlay else [])):
        for path in sorted((folder / FOLDER).glob("*/*.md")):
            found[path.parent.name, path.stem] = path
    for (code, language), path in sorted(found.items()):
        yield code, language, path


def _read(code: str, language: str, path: Path, problems: list[Problem]) -> Lesson | None:
    label = f"{FOLDER}/{code}/{path.name}"
    _, fence, rest = path.read_text("utf-8").partition(FENCE)
    head, end, body = rest.partition(f"\n{FENCE}")
    if not fence or not end:
        problems.append(Problem(label, 1, "begins with a head between two lines of ---"))
        return None
    try:
        # The empty line stands for the first fence, so that every problem names its line.
        document = document_of(f"\n{head}", label)
    except ContentRefused as refused:
        problems += refused.problems
        return None
    told = validated(document, Head, problems)
    return Lesson(code, language, told, tuple(_blocks(body)), document) if told else None


def _blocks(body: str) -> Iterator[Block]:
    for part in body.strip().split("\n\n"):
        lines = [it.strip() for it in part.splitlines() if it.strip()]
        if lines and lines[0].startswith("## "):
            yield Block("heading", (lines.pop(0).removeprefix("## "),))
        items = [it for it in lines if it.startswith("- ")]
        if items and len(items) == len(lines):
            yield Block("list", tuple(it.removeprefix("- ") for it in items))
        elif lines:
            yield Block("paragraph", (" ".join(lines),))
