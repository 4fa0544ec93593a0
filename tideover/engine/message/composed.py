"""A message: the words of one contact in one language, tone and channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tideover.engine.message.sms import Segments
from tideover.kit.text import Direction

BlockKind = Literal["heading", "paragraph", "list", "rows"]
BULLET = "- "


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, a list, or rows of a label and its value parted by a tab."""

    kind: BlockKind
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """As plain text."""
        if self.kind == "list":
            return "\n".join(f"{BULLET}{line}" for line in self.lines)
        return "\n".join(line.replace("\t", ": ") for line in self.lines)


@dataclass(frozen=True)
class Action:
    """The one button: what it does, what stands on it, where it leads."""

    do: str
    label: str
    link: str


@dataclass(frozen=True)
class Picture:
    """How far the person has come: steps done of all, the next one marked. `alt` says the same in words."""

    title: str
    done: int
    all: int
    says: str
    next: str
    alt: str


@dataclass(frozen=True)
class Message:
    """What one person reads or hears.

    `subject` and `preview` may be seen by others. `text` is what is sent as plain text: an SMS, a notification, a
    letter, the plain part of an e-mail, or what an agent says. `blocks` and `closing` are the long form, in which the
    button stands before the first heading and the picture above it all.
    """

    purpose: str
    channel: str
    language: str
    direction: Direction
    sender: str
    subject: str
    preview: str
    text: str
    blocks: tuple[Block, ...]
    closing: tuple[Block, ...]
    spoken: str
    code: str
    template_hash: str
    action: Action | None = None
    picture: Picture | None = None
    segments: Segments | None = None
    may_say: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()
    """The placeholders of which a text message speaks: of a day that was not said, no answer can speak."""

    @property
    def opening(self) -> tuple[Block, ...]:
        """What must be read first: the blocks before the first heading; where only a greeting is, the first part too."""
        return self.blocks[: self._first_heading]

    @property
    def further(self) -> tuple[Block, ...]:
        """The blocks from the first heading on."""
        return self.blocks[self._first_heading :]

    @property
    def _first_heading(self) -> int:
        headings = [at for at, block in enumerate(self.blocks) if block.kind == "heading" and at > 1]
        return headings[0] if headings else len(self.blocks)
