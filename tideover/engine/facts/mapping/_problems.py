"""Everything that is wrong with a mapping, told at once: which file, which line, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tideover.kit.errors import Refused

Place = tuple[str | int, ...]
"""Where in the YAML something stands: ("tables", "loans", 0, "columns", "principal")."""


@dataclass(frozen=True)
class Problem:
    """One thing to mend."""

    says: str
    at: Place = ()


class MappingRefused(Refused):
    """The mapping cannot be used as it stands; the message lists every problem with file and line."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


class FilesRefused(Refused):
    """The files that were given do not fit the mapping; the message says which is missing or unreadable."""
