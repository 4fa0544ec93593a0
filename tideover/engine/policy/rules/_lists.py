"""The closed lists a rule may name: purposes and their classes, channels, holds, roles, loan kinds, mandatory words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tideover.engine.policy.content import Document, Problem
from tideover.engine.policy.rules._located import Located, read_located

KINDS = ("instalment", "revolving", "microfinance", "once", "none")
ROLES = ("borrower", "co_borrower", "guarantor", "group_member", "payer", "representative", "executor")
ACTIONS = ("promise", "pay_button", "plan")
ACTS = ("end_agreement", "change_terms", "write_off", "sale", "court", "settlement")


@dataclass(frozen=True)
class Purpose:
    """What a contact can be for; `counts` means it uses the person's attention budget."""

    name: str
    of_class: str
    counts: bool


@dataclass(frozen=True)
class Hold:
    """What still goes out under a hold, whose contacts rest, what stops."""

    name: str
    passes: tuple[str, ...]
    covers: str
    stops: tuple[str, ...]


@dataclass(frozen=True)
class ClosedLists:
    """Everything a rule can name besides other rules, in the order written."""

    purposes: Mapping[str, Purpose]
    classes: tuple[str, ...]
    channels: tuple[str, ...]
    holds: Mapping[str, Hold]
    words: Mapping[str, str]


def read_lists(layers: Iterable[Path]) -> tuple[ClosedLists, list[Problem]]:
    """The lists of the topmost layer that has each file: an own file wins whole."""
    folders = list(layers)
    purposes, channels, holds, words = (
        _topmost(folders, name)
        for name in ("purposes.yaml", "channels.yaml", "holds.yaml", "rules/_words.yaml")
    )
    problems = [problem for found in (purposes, channels, holds, words) for problem in found.problems]
    lists = ClosedLists(
        purposes={name: _purpose(name, one) for name, one in _entries(purposes, "purposes").items()},
        classes=tuple(_entries(purposes, "classes")),
        channels=tuple(_entries(channels, "channels")),
        holds={name: _hold(name, one) for name, one in _entries(holds, "holds").items()},
        words={name: str(one.get("says", "")) for name, one in _entries(words, "words").items()},
    )
    return lists, problems


def _topmost(folders: list[Path], name: str) -> Located:
    for folder in reversed(folders):
        if (folder / name).is_file():
            return read_located(folder / name)
    missing = Located(Document(str(folders[0] / name), None, {}))
    missing.problems.append(missing.problem("This file is missing; rules are checked against it."))
    return missing


def _entries(found: Located, name: str) -> dict[str, dict[str, object]]:
    listed = found.content.get(name) if isinstance(found.content, dict) else None
    if not isinstance(listed, dict):
        if found.content is not None:
            found.problems.append(found.problem(f"There should be a list of {name} here."))
        return {}
    return {str(key): one if isinstance(one, dict) else {} for key, one in listed.items()}


def _purpose(name: str, one: dict[str, object]) -> Purpose:
    return Purpose(name, str(one.get("class", "")), counts=one.get("counts") is True)


def _hold(name: str, one: dict[str, object]) -> Hold:
    return Hold(name, _names(one.get("passes")), str(one.get("covers", "")), _names(one.get("stops")))


def _names(listed: object) -> tuple[str, ...]:
    return tuple(str(name) for name in listed) if isinstance(listed, list) else ()
