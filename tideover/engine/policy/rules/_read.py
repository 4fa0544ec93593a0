"""Reads every rule below a content folder, and a lender's overlays of the same shape, where an own file wins whole."""

from __future__ import annotations

from pathlib import Path

from tideover.engine.policy.content import Problem
from tideover.engine.policy.rules._countries import (
    COUNTRY_FILE,
    Found,
    check_holidays,
    read_country,
    resolve_countries,
)
from tideover.engine.policy.rules._lists import read_lists
from tideover.engine.policy.rules._located import RulesRefused, read_located
from tideover.engine.policy.rules._resolve import read_rule
from tideover.engine.policy.rules._rules import Rules
from tideover.kit.nearest import did_you_mean

LENDER_FILE = "_lender.yaml"
STORIES = ".cases.yaml"


def read_rules(content: Path, *overlays: Path) -> Rules:
    """The rules of `content/rules`, then of each overlay's `rules`. Refused with every problem if anything is wrong."""
    folders = [content, *overlays]
    lists, problems = read_lists(folders)
    found, layers = Found(lists, problems), []
    for folder in folders:
        _read_layer(folder / "rules", found)
        layers.append(dict(found.rules))
    countries = resolve_countries(found)
    check_holidays(found, countries)
    drafts_on = _drafts_on(folders, found)
    if not found.rules and not found.problems:
        text = "There are no rules here, and nothing may be sent without."
        found.problems.append(Problem(str(content / "rules"), 1, text))
    if found.problems:
        raise RulesRefused(found.problems)
    return Rules(lists, countries, tuple(layers), drafts_on)


def _read_layer(folder: Path, found: Found) -> None:
    for place in sorted(one for one in folder.glob("*") if one.is_dir()):
        for path in sorted(place.glob("*.yaml")):
            if path.name == COUNTRY_FILE:
                read_country(path, found)
            elif not path.name.endswith(STORIES):
                _read_rule(path, found)


def _read_rule(path: Path, found: Found) -> None:
    rule, problems = read_rule(path, found.lists)
    found.problems.extend(problems)
    if rule is None:
        return
    before = found.rules.get(rule.id)
    if before is not None and before.place != rule.place:
        text = f"The id {rule.id!r} is taken by {before.file}; ids are one namespace over all countries."
        found.problems.append(Problem(rule.file, 1, text))
    found.rules[rule.id] = rule


def _drafts_on(folders: list[Path], found: Found) -> frozenset[str]:
    """The drafts a lender turns on: {drafts_on: [ids]} in its own rules/_lender.yaml."""
    path = next(
        (one for folder in reversed(folders) if (one := folder / "rules" / LENDER_FILE).is_file()), None
    )
    if path is None:
        return frozenset()
    located = read_located(path)
    content = located.content
    listed = content.get("drafts_on") if isinstance(content, dict) and len(content) == 1 else None
    if not isinstance(listed, list):
        located.problems.append(
            located.problem("Expected nothing but a list, such as `drafts_on: [in_draft_hours]`.")
        )
    drafts = {rule.id for rule in found.rules.values() if rule.status == "draft"}
    for number, name in enumerate(listed if isinstance(listed, list) else []):
        if name not in drafts:
            text = f"{name!r} is not a draft rule.{did_you_mean(str(name), drafts)}"
            located.problems.append(located.problem(text, "drafts_on", number))
    found.problems.extend(located.problems)
    return frozenset(map(str, listed)) if isinstance(listed, list) else frozenset()
