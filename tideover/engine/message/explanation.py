"""An explanation: a few parts with a heading each, as plain text and as a list."""

from __future__ import annotations

from dataclasses import dataclass

from tideover.kit.text import Direction


@dataclass(frozen=True)
class Line:
    """One statement. `code` is what it stands for: for staff only, "" in what a borrower reads."""

    text: str
    code: str = ""


@dataclass(frozen=True)
class Part:
    """What was decided, why, what blocked the rest, what would change it, when we look again; staff read more."""

    name: str
    heading: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The statements as one paragraph."""
        return " ".join(line.text for line in self.lines)

    @property
    def listed(self) -> str:
        """The statements one below the other."""
        return "\n".join(f"- {line.text}" for line in self.lines)


@dataclass(frozen=True)
class Explanation:
    """Why a person was spoken to, or left in peace. `note` says that the language asked for is not there yet."""

    audience: str
    language: str
    direction: Direction
    parts: tuple[Part, ...]
    note: str = ""
    closing: str = ""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Note, parts with their headings, closing."""
        told = (
            f"{part.heading}\n{part.listed if self.audience == 'staff' else part.text}" for part in self.parts
        )
        return tuple(text for text in (self.note, *told, self.closing) if text)

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return "\n\n".join(self.paragraphs)

    def part(self, name: str) -> Part | None:
        """A part by its name."""
        return next((part for part in self.parts if part.name == name), None)
