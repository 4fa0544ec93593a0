"""YAML read together with the line of every entry, so that each complaint can say where."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tideover.kit.errors import Refused

Steps = tuple[str, ...]
# The same loader in C, where the wheel has it: five times as fast.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in a file of content: where, what, and what to do about it."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class RulesRefused(Refused):
    """The rules cannot be used; every problem found is listed, not just the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass
class Located:
    """What a file says, with the line on which each entry stands (1 is the first)."""

    file: str
    content: object
    lines: dict[Steps, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, text: str, *steps: object) -> Problem:
        """A problem at the entry these steps lead to, or at the nearest entry above it that is written down."""
        path = tuple(str(step) for step in steps)
        while path and path not in self.lines:
            path = path[:-1]
        return Problem(self.file, self.lines.get(path, 1), text)


def read_located(path: Path) -> Located:
    """The file's content with its lines. A file that is not YAML at all has a problem and no content."""
    found = Located(str(path), None)
    loader = _Loader(path.read_text(encoding="utf-8"))
    try:
        node = loader.get_single_node()
        if node is not None:
            _note_lines(loader, node, (), found)
            found.content = loader.construct_document(node)
    except (yaml.MarkedYAMLError, ValueError) as error:
        found.problems.append(_not_yaml(path, error))
    finally:
        loader.dispose()
    return found


def _not_yaml(path: Path, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error)
    return Problem(str(path), mark.line + 1 if mark else 1, f"This is not valid YAML: {what}.")


def _note_lines(loader: yaml.SafeLoader, node: yaml.Node, steps: Steps, found: Located) -> None:
    found.lines.setdefault(steps, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _note_lines(loader, item, (*steps, str(number)), found)
    if isinstance(node, yaml.MappingNode):
        _note_entries(loader, node, steps, found)


def _note_entries(loader: yaml.SafeLoader, node: yaml.MappingNode, steps: Steps, found: Located) -> None:
    seen: set[Hashable] = set()
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        here = (*steps, str(key))
        found.lines[here] = key_node.start_mark.line + 1
        if key in seen:
            found.problems.append(found.problem(f"{key} is written twice; keep one.", *here))
        seen.add(key)
        _note_lines(loader, value_node, here, found)
