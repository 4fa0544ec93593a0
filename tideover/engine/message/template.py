"""A message template: what stands before the body by name, and the body in a small part of Markdown.

A text may have alternatives, in a list or in lines that begin with "|". The first whose values are all known is said.
An alternative that is empty says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tideover.engine.message.composed import BlockKind
from tideover.engine.message.words import Sentences
from tideover.engine.policy.content import ContentRefused, Document, Problem, document_of, validated
from tideover.engine.policy.lists import Strict

FENCE = "---"


class ActionWords(Strict):
    """The one button: what it does, of the closed list, and what stands on it."""

    do: str
    label: str


class Head(Strict):
    """What stands before the body."""

    subject: Sentences = ()
    preview: Sentences = ()
    short: Sentences = ()
    spoken: Sentences = ()
    also: Sentences = ()
    action: ActionWords | None = None
    needs: tuple[str, ...] = ()
    law_words: tuple[str, ...] = ()
    picture: bool = False
    may_say: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """One text of the body with its alternatives and the line it stands on."""

    variants: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Piece:
    """A heading, a paragraph, or a list with its items."""

    kind: BlockKind
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Template:
    """The words of one purpose in one language. `source` is the file as it stands."""

    name: str
    language: str
    head: Head
    body: tuple[Piece, ...]
    document: Document
    source: str


@dataclass(frozen=True)
class Parted:
    """A file parted into what stands before the body, and the body with its first line number."""

    document: Document
    body: str
    first_line: int
    source: str


def read_parted(path: Path, label: str) -> Parted:
    """A file of front matter and body. Raises ContentRefused where the front matter cannot be read."""
    try:
        source = path.read_text("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise ContentRefused([Problem(label, 1, "is not UTF-8 text; save it as UTF-8")]) from None
    lines = source.split("\n")
    if lines[0].strip() != FENCE or FENCE not in (line.strip() for line in lines[1:]):
        raise ContentRefused(
            [Problem(label, 1, "must begin with what stands before the body, between two lines of ---")]
        )
    end = next(at for at, line in enumerate(lines[1:], start=1) if line.strip() == FENCE)
    # The fence is a line of YAML too, so that lines are counted as in the file.
    return Parted(document_of("\n".join(lines[:end]), label), "\n".join(lines[end + 1 :]), end + 2, source)


def read_template(path: Path, *, name: str, language: str, label: str) -> Template:
    """One template. Raises ContentRefused with every problem of its shape."""
    parted = read_parted(path, label)
    problems: list[Problem] = []
    head = validated(parted.document, Head, problems)
    body, more = body_of(parted.body, parted.first_line, label)
    if head is None or more:
        raise ContentRefused([*problems, *more])
    return Template(name, language, head, body, parted.document, parted.source)


def body_of(text: str, first_line: int, label: str) -> tuple[tuple[Piece, ...], list[Problem]]:
    """The pieces of a body, and what cannot be read of it."""
    reader = _Body(label)
    for number, line in enumerate(text.split("\n"), start=first_line):
        reader.take(line.rstrip(), number)
    return tuple(reader.made()), reader.problems


class _Body:
    """Reads a body line by line."""

    def __init__(self, label: str) -> None:
        self.label, self.problems = label, list[Problem]()
        self._pieces: list[tuple[BlockKind, list[tuple[list[str], int]]]] = []
        self._is_open = False

    def take(self, line: str, number: int) -> None:
        told = line.strip()
        if not told:
            self._is_open = False
        elif told.startswith("## "):
            self._begin("heading", told.removeprefix("## "), number)
            self._is_open = False
        elif line.startswith("- "):
            self._item(line.removeprefix("- "), number)
        elif told == "|" or told.startswith("| "):
            self._alternative(told[1:].strip(), number)
        elif told[0] in "#*>`" or told.startswith(("1.", "![", "<")):
            self._refuse(
                number, f"{told[:12]!r} is not known here; write paragraphs, '- ' items and '## ' headings"
            )
        elif self._is_open:
            variants = self._pieces[-1][1][-1][0]
            variants[-1] = f"{variants[-1]} {told}"
        else:
            self._begin("paragraph", told, number)

    def _begin(self, kind: BlockKind, text: str, number: int) -> None:
        self._pieces.append((kind, [([text], number)]))
        self._is_open = True

    def _item(self, text: str, number: int) -> None:
        if self._is_open and self._pieces[-1][0] == "list":
            self._pieces[-1][1].append(([text], number))
        else:
            self._begin("list", text, number)

    def _alternative(self, text: str, number: int) -> None:
        if self._is_open:
            self._pieces[-1][1][-1][0].append(text)
        else:
            self._refuse(number, "'|' begins another way to say the text above it; there is none")

    def _refuse(self, number: int, says: str) -> None:
        self.problems.append(Problem(self.label, number, says))

    def made(self) -> Iterable[Piece]:
        for kind, texts in self._pieces:
            yield Piece(kind, tuple(Text(tuple(variants), line) for variants, line in texts))
