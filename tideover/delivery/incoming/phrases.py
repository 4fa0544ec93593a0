"""The answers people give, as content: `content/answers/<language>.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import yaml

from tideover.delivery.incoming.folding import folded, unmarked
from tideover.kit.errors import Refused

SHIPPED = Path(__file__).parents[2] / "content" / "answers"

Named = Literal[
    "stop", "death", "not_me", "cannot_pay", "wrong_amount", "paid", "call_me", "help", "yes_to_date"
]
KINDS: tuple[Named, ...] = get_args(Named)
"""In the order in which one wins over the next when a message says several things."""
ASIDE = ("alone", "ambiguous", "harmless")
DANGERS = ("self_harm", "violence", "threat")


class UnclearAnswers(Refused):
    """A file of answers that cannot be used."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's answers, folded."""

    whole: Mapping[str, Named]
    """A folded phrase, with its marks and without them, and what it means."""
    dangers: frozenset[str]
    alone: frozenset[str]
    """Common words that mean this only as the whole message: Spanish `para` is "stop" and "for"."""
    ambiguous: frozenset[str]
    """Words that could be an answer or something else, without their marks or at all."""
    harmless: tuple[str, ...]
    """What holds the letters of an answer and is none."""


@cache
def read_phrases(folder: Path = SHIPPED) -> Mapping[str, Phrases]:
    """Every language of the folder. Raises UnclearAnswers with all that is wrong, not the first only."""
    wrong: list[str] = []
    found = {path.stem: _read(path, wrong) for path in sorted(folder.glob("*.yaml"))}
    if wrong:
        raise UnclearAnswers("\n".join(wrong))
    if "en" not in found:
        raise UnclearAnswers(
            f"{folder.name}: en.yaml is missing; its STOP words are understood in every language."
        )
    return found


def _read(path: Path, wrong: list[str]) -> Phrases:
    told = yaml.safe_load(path.read_text("utf-8")) or {}
    known = {*KINDS, *ASIDE, "danger"}
    wrong += [
        f"{path.name}: '{name}' is not one of {', '.join(sorted(known))}."
        for name in sorted(told.keys() - known)
    ]
    whole: dict[str, Named] = {}
    for kind in KINDS:
        if not told.get(kind):
            wrong.append(f"{path.name}: '{kind}' has no phrases.")
        for phrase in told.get(kind) or ():
            for form in _forms(str(phrase)):
                if whole.setdefault(form, kind) != kind:
                    wrong.append(f"{path.name}: '{phrase}' stands under '{whole[form]}' and under '{kind}'.")
    wrong += [
        f"{path.name}: '{phrase}' stands under 'alone' but under no kind."
        for phrase in told.get("alone") or ()
        if folded(str(phrase)) not in whole
    ]
    dangers = told.get("danger") or {}
    wrong += [f"{path.name}: danger has no '{name}'." for name in DANGERS if not dangers.get(name)]
    return Phrases(
        whole=whole,
        dangers=_all(phrase for name in DANGERS for phrase in dangers.get(name) or ()),
        alone=_all(told.get("alone") or ()),
        ambiguous=_all(told.get("ambiguous") or ()),
        harmless=tuple(folded(str(it)) for it in told.get("harmless") or ()),
    )


def _forms(phrase: str) -> set[str]:
    return {folded(phrase), unmarked(folded(phrase))} - {""}


def _all(phrases: Iterable[object]) -> frozenset[str]:
    return frozenset(form for phrase in phrases for form in _forms(str(phrase)))
