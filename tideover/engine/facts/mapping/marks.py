"""YAML that remembers on which line each value stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import cast

import yaml

from ._problems import Place, Problem

_BOOL = "tag:yaml.org,2002:bool"


class _PlainLoader(yaml.SafeLoader):
    """Words stay words: `on`, `no` and `y` are column names and countries, not yes and no."""


_PlainLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _word in ("true", "false"):
    _PlainLoader.yaml_implicit_resolvers[_word[0]] = [
        *_PlainLoader.yaml_implicit_resolvers.get(_word[0], []),
        (_BOOL, re.compile("^(?:true|false)$")),
    ]


@dataclass
class Marked:
    """Parsed YAML, the line of every value in it (1 is the first) and what the text itself does wrong."""

    data: object = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, at: Place) -> int:
        """The line of the value at that place, or of the nearest thing around it.

        Steps that the YAML does not have are passed over: a single block stands where a list of them could.
        """
        found: Place = ()
        for part in at:
            if (*found, part) in self.lines:
                found = (*found, part)
        return self.lines.get(found, 1)


def read_marked(text: str) -> Marked:
    """Parse YAML; broken YAML and keys given twice become problems, not exceptions."""
    marked = Marked()
    loader = _PlainLoader(text)
    try:
        node = loader.get_single_node()
        if node is not None:
            _mark(node, (), marked)
            marked.data = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        marked.lines = {(): line}
        marked.problems.append(Problem(f"This is not valid YAML: {error.problem}."))
    finally:
        loader.dispose()
    return marked


def _mark(node: yaml.Node, at: Place, marked: Marked) -> None:
    marked.lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        _mark_keys(node, at, marked)
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            _mark(child, (*at, index), marked)


def _mark_keys(node: yaml.MappingNode, at: Place, marked: Marked) -> None:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        key = cast("str", key_node.value)
        if key in seen:
            marked.problems.append(Problem(f"{key!r} is given twice.", (*at, key)))
        seen.add(key)
        marked.lines[(*at, key)] = key_node.start_mark.line + 1
        _mark(value_node, (*at, key), marked)
