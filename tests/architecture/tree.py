"""The files of the repository as git sees them: tracked, or new and not ignored."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def _listed() -> tuple[str, ...]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(sorted(name for name in listed.split("\0") if name))


def files(*patterns: str) -> list[Path]:
    """Files whose path in the repository matches one of the patterns, or all of them."""
    present = [ROOT / name for name in _listed() if (ROOT / name).is_file()]
    return [path for path in present if not patterns or any(map(path.relative_to(ROOT).match, patterns))]


def python_of(*packages: str) -> list[Path]:
    """Python files below the folders named."""
    folders = [ROOT / package for package in packages]
    return [path for path in files("*.py") if any(path.is_relative_to(folder) for folder in folders)]


def name(path: Path) -> str:
    """The path as a person would type it."""
    return path.relative_to(ROOT).as_posix()


def text(path: Path) -> str | None:
    """Contents of a text file; None for pictures and the like."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
