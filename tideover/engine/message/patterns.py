"""ICU MessageFormat patterns: what each asks for, how it can read, and the text it gives.

ICU prints a missing argument as `{x}` and says nothing. So a pattern is read here first, and an argument that is
missing is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import product
from threading import local

from icu4py.messageformat import MessageFormat

Argument = int | str | Decimal | datetime
CHOICES = ("plural", "select", "selectordinal")
SAMPLE = "12"
"""What stands for a value where only the words around it matter."""


class BadPattern(ValueError):
    """A pattern that ICU would refuse, or print wrongly."""


@dataclass(frozen=True)
class Value:
    """A place where a value is printed. `kind` is number, date, time, or "" for plain text."""

    name: str
    kind: str


@dataclass(frozen=True)
class Choice:
    """A place where a value chooses among branches."""

    name: str
    kind: str
    branches: tuple[tuple[str, Nodes], ...]

    @property
    def selectors(self) -> frozenset[str]:
        """The values or plural forms that have a branch."""
        return frozenset(selector for selector, _ in self.branches)


Nodes = tuple["str | Value | Choice", ...]


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def message(self, plural: str = "", *, inside: bool = False) -> Nodes:
        nodes: list[str | Value | Choice] = []
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign == "}" and inside:
                return tuple(nodes)
            if sign == "}":
                raise BadPattern("has a '}' too many")
            nodes.append(self._node(sign, plural))
        if inside:
            raise BadPattern("has a '{' that is not closed")
        return tuple(nodes)

    def _node(self, sign: str, plural: str) -> str | Value | Choice:
        if sign == "{":
            return self._argument()
        if sign == "'":
            return self._quoted(plural)
        self.at += 1
        return Value(plural, "number") if sign == "#" and plural else sign

    def _quoted(self, plural: str) -> str:
        following = self.text[self.at + 1 : self.at + 2]
        if following == "'":
            self.at += 2
            return "'"
        self.at += 1
        if following not in ("{", "}") and not (following == "#" and plural):
            return "'"
        end = self.text.find("'", self.at)
        end = len(self.text) if end < 0 else end
        quoted, self.at = self.text[self.at : end], end + 1
        return quoted

    def _word(self, stops: str) -> str:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in stops:
            self.at += 1
        if self.at == len(self.text):
            raise BadPattern("has a '{' that is not closed")
        return self.text[start : self.at].strip()

    def _argument(self) -> Value | Choice:
        self.at += 1
        name, kind = self._word(",{}"), ""
        if self._take(","):
            kind = self._word(",{}")
            if self._take(","):
                if kind in CHOICES:
                    return Choice(name, kind, tuple(self._branches(name if kind != "select" else "")))
                self._word("{}")
        if not name or not self._take("}"):
            raise BadPattern("has an argument that cannot be read")
        return Value(name, kind)

    def _branches(self, plural: str) -> Iterator[tuple[str, Nodes]]:
        while True:
            selector = self._word("{}")
            if self._take("}"):
                return
            self.at += 1
            nodes = self.message(plural, inside=True)
            self.at += 1
            yield selector, nodes

    def _take(self, sign: str) -> bool:
        taken = self.text[self.at : self.at + 1] == sign
        self.at += taken
        return taken


@lru_cache(maxsize=8192)
def parse(pattern: str) -> Nodes:
    """The parts of a pattern. Raises BadPattern."""
    return _Reader(pattern).message()


def places(nodes: Nodes) -> Iterator[Value | Choice]:
    """Every place where a value is needed, branches included."""
    for node in nodes:
        if not isinstance(node, str):
            yield node
        if isinstance(node, Choice):
            for _, inner in node.branches:
                yield from places(inner)


@lru_cache(maxsize=8192)
def arguments(pattern: str) -> frozenset[str]:
    """The names a pattern asks for."""
    return frozenset(place.name for place in places(parse(pattern)))


def readings(pattern: str) -> tuple[str, ...]:
    """Every way a pattern can read, with a sample in place of each value."""
    return tuple(dict.fromkeys(_readings(parse(pattern))))


def _readings(nodes: Nodes) -> Iterator[str]:
    options: list[list[str]] = []
    for node in nodes:
        if isinstance(node, str):
            options.append([node])
        elif isinstance(node, Value):
            options.append([SAMPLE])
        else:
            options.append([text for _, inner in node.branches for text in _readings(inner)])
    for chosen in product(*options):
        yield "".join(chosen)


class _Built(local):
    """ICU patterns are costly to build and not made for two threads at once: each thread keeps its own."""

    def __init__(self) -> None:
        self.formats: dict[tuple[str, str], MessageFormat] = {}


_built = _Built()


def build(pattern: str, language: str) -> MessageFormat:
    """The pattern as ICU understands it. Raises BadPattern where it does not."""
    key = (pattern, language)
    if key not in _built.formats:
        parse(pattern)
        try:
            _built.formats[key] = MessageFormat(pattern, language)
        except ValueError as error:
            raise BadPattern(f"is refused by ICU: {error}") from None
    return _built.formats[key]


def spoken(pattern: str, language: str, values: Mapping[str, Argument]) -> str:
    """The pattern with its values, in a language's digits and plural forms. Raises BadPattern if a value is missing."""
    asked = arguments(pattern)
    if not asked:
        return _fixed(pattern, language)
    missing = sorted(asked - values.keys())
    if missing:
        raise BadPattern(f"{pattern!r} asks for {', '.join(missing)}, which nobody gave")
    return str(build(pattern, language).format({name: values[name] for name in asked}))


@lru_cache(maxsize=8192)
def _fixed(pattern: str, language: str) -> str:
    """A pattern that asks for nothing reads the same for everybody."""
    return str(build(pattern, language).format({}))
