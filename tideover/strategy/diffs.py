"""What differs between two releases, file by file, as people compare texts: what goes, what comes, and what stands around."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff

from tideover.strategy.models import Release

AROUND = 3
SIGNS = {"+": "added", "-": "taken away", " ": ""}


@dataclass(frozen=True)
class Line:
    """One line of a file; `sign` is + where it comes, - where it goes, a space where it stays."""

    sign: str
    text: str

    @property
    def says(self) -> str:
        """The sign in words, for whoever hears the page."""
        return SIGNS[self.sign]


@dataclass(frozen=True)
class Part:
    """Lines that stand together; `first` is the number of the first one in the newer text."""

    first: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class FileDiff:
    """A file that is added, removed or changed."""

    path: str
    kind: str
    parts: tuple[Part, ...]

    @property
    def added(self) -> int:
        return sum(line.sign == "+" for part in self.parts for line in part.lines)

    @property
    def removed(self) -> int:
        return sum(line.sign == "-" for part in self.parts for line in part.lines)


def compared_with(release: Release) -> Release | None:
    """What a release is compared with: what is live now, or, once it went live, what was live before it."""
    if release.state in ("waiting", "refused"):
        return Release.objects.filter(state="live").first()
    return release.before


def diff_of(release: Release, other: Release | None) -> tuple[FileDiff, ...]:
    """Every file that differs, by its name."""
    return tuple(_diffs(other.files if other else {}, release.files))


def _diffs(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[FileDiff]:
    for path in sorted({*before, *now}):
        if before.get(path) != now.get(path):
            kind = "changed" if path in before and path in now else "added" if path in now else "removed"
            yield FileDiff(path, kind, tuple(_parts(before.get(path, ""), now.get(path, ""))))


def _parts(before: str, now: str) -> Iterator[Part]:
    lines: list[Line] = []
    first = 1
    for told in list(unified_diff(before.splitlines(), now.splitlines(), n=AROUND, lineterm=""))[2:]:
        if told.startswith("@@"):
            if lines:
                yield Part(first, tuple(lines))
            first, lines = int(told.split("+")[1].split(" ")[0].split(",")[0]), []
        else:
            lines.append(Line(told[0], told[1:]))
    if lines:
        yield Part(first, tuple(lines))
