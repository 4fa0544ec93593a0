"""A file of rules as it is read: what it says, and everything found wrong with it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tideover.engine.policy.content import ContentRefused, Document, Problem, read_document


class RulesRefused(ContentRefused):
    """The rules cannot be used; every problem found is listed, not just the first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(sorted(problems))


@dataclass
class Located:
    """What a file says, with the problems found in it."""

    document: Document
    problems: list[Problem] = field(default_factory=list)

    @property
    def content(self) -> object:
        """What the file says; None where it cannot be read."""
        return self.document.data

    def problem(self, text: str, *steps: object) -> Problem:
        """A problem at the entry these steps lead to, or at the nearest entry above it that is written down."""
        return self.document.problem(tuple(map(str, steps)), text)


def read_located(path: Path) -> Located:
    """The file with its lines. One that cannot be read has problems and no content."""
    try:
        return Located(read_document(path, str(path)))
    except ContentRefused as refused:
        return Located(Document(str(path), None, {}), refused.problems)
