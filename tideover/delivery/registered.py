"""Texts that a network has registered, from `registered.yaml` in the lender's content: an id goes only with its own text.

In a registered text `{#var#}`, or any other name between the marks, stands for what differs from message to message
(TRAI, Telecom Commercial Communications Customer Preference Regulations 2018: header and content template).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import RootModel

from tideover.engine.policy.content import ContentRefused, Problem, read_document, validated
from tideover.engine.policy.lists import Strict
from tideover.kit.errors import Refused

FILE = "registered.yaml"
VARIABLE = re.compile(r"\{#\w+#\}")


class NotRegistered(Refused):
    """A network asks for registered words, and these are none of them; the message is a code."""


class _Text(Strict):
    """One text as it was registered."""

    id: str
    text: str


class _File(RootModel[dict[str, list[_Text]]]):
    """By purpose and language, as `gentle_reminder/hi`."""


@dataclass(frozen=True)
class Registered:
    """A registered text: its id, and what fits it."""

    id: str
    fits: re.Pattern[str]


def registered(purpose: str, language: str, overlay: Path | None) -> Sequence[Registered]:
    """The texts registered for a purpose in a language. Raises ContentRefused where the file cannot be used."""
    file = _file(overlay)
    if file is None:
        return ()
    changed = file.stat()
    return _read(file, (changed.st_mtime_ns, changed.st_size)).get(f"{purpose}/{language}", ())


def id_for(text: str, among: Sequence[Registered]) -> str:
    """The id of the registered text that these words are; "" where they are none of them."""
    return next((it.id for it in among if it.fits.fullmatch(text)), "")


def check_registered(overlay: Path | None = None) -> list[Problem]:
    """What is wrong with the lender's file, if there is one."""
    file = _file(overlay)
    if file is None:
        return []
    try:
        _read(file, (0, 0))
    except ContentRefused as refused:
        return refused.problems
    return []


def _file(overlay: Path | None) -> Path | None:
    file = overlay / FILE if overlay else None
    return file if file and file.is_file() else None


@lru_cache(maxsize=1)
def _read(file: Path, _: tuple[int, int]) -> Mapping[str, tuple[Registered, ...]]:
    """Read once for each time the file was changed: a text waits for no disk."""
    problems: list[Problem] = []
    told = validated(read_document(file), _File, problems)
    if told is None:
        raise ContentRefused(problems)
    return {
        name: tuple(Registered(it.id, _pattern(it.text)) for it in texts) for name, texts in told.root.items()
    }


def _pattern(text: str) -> re.Pattern[str]:
    """Each fixed part is looked for once and kept, so that no text takes long to fit none."""
    several = re.sub(f"(?:{VARIABLE.pattern})+", "\0", text.strip())
    first, *others = map(re.escape, several.split("\0"))
    if not others:
        return re.compile(first)
    *between, last = others
    return re.compile(f"{first}{''.join(f'(?>.+?{it})' for it in between)}.+{last}", re.DOTALL)
