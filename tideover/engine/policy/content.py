"""Content files with the line each value stands on, and the lender's overlay: own file wins, whole file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from tideover.kit.errors import Refused
from tideover.kit.nearest import did_you_mean

SHIPPED = Path(__file__).parents[2] / "content"
Where = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)
# The same loader in C, where the wheel has it: five times as fast.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 50


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong in a content file: where, what, and what was expected."""

    file: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.says}"


class ContentRefused(Refused):
    """Content that cannot be used; every problem found is listed."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True)
class Document:
    """One content file: its data and the line of every place in it."""

    label: str
    data: object
    lines: Mapping[tuple[str, ...], int]

    def line(self, where: Where) -> int:
        """The line of a place, or of the nearest place around it that is written down."""
        steps = tuple(map(str, where))
        while steps and steps not in self.lines:
            steps = steps[:-1]
        return self.lines.get(steps, 1)

    def problem(self, where: Where, says: str) -> Problem:
        """A problem at a place of this file."""
        return Problem(self.label, self.line(where), says)


def read_document(path: Path, label: str | None = None) -> Document:
    """Read one YAML file. Raises ContentRefused where it cannot be read, listing every key that is given twice."""
    name = label or path.name
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise ContentRefused([Problem(name, 1, "is not UTF-8 text; save it as UTF-8")]) from None
    return document_of(text, name)


def document_of(text: str, label: str) -> Document:
    """The YAML of a file, or of the part of it that is YAML. Raises ContentRefused."""
    found = _Lines(label)
    data: object = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is not None:
            found.note(node, ())
            data = None if found.problems else loader.construct_document(node)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        says = getattr(error, "problem", None) or str(error)
        found.problem(mark.line + 1 if mark else 1, f"is not YAML that can be read: {says}")
    if found.problems:
        raise ContentRefused(found.problems)
    return Document(found.label, data, found.lines)


class _Lines:
    """Walks a file once: where everything stands, and what YAML would take without a word."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.lines: dict[tuple[str, ...], int] = {}
        self.problems: list[Problem] = []
        self._around: list[yaml.Node] = []

    def problem(self, line: int, says: str) -> None:
        self.problems.append(Problem(self.label, line, says))

    def note(self, node: yaml.Node, where: tuple[str, ...]) -> None:
        line = node.start_mark.line + 1
        self.lines.setdefault(where, line)
        if any(node is outer for outer in self._around):
            self.problem(line, "holds itself by its anchor; write out what is meant")
            return
        if len(self._around) == _DEEPEST:
            self.problem(line, f"is nested more than {_DEEPEST} deep")
            return
        self._around.append(node)
        if isinstance(node, yaml.SequenceNode):
            for at, item in enumerate(node.value):
                self.note(item, (*where, str(at)))
        elif isinstance(node, yaml.MappingNode):
            self._note_entries(node, where)
        self._around.pop()

    def _note_entries(self, node: yaml.MappingNode, where: tuple[str, ...]) -> None:
        seen: set[tuple[str, str]] = set()
        for key, value in node.value:
            here, line = (*where, str(key.value)), key.start_mark.line + 1
            if (key.tag, here[-1]) in seen:
                self.problem(line, f"'{key.value}' is given twice; keep one")
            seen.add((key.tag, here[-1]))
            self.lines[here] = line
            self.note(value, here)


def validated(document: Document, model: type[Model], problems: list[Problem]) -> Model | None:
    """The file as a model; what does not fit is added to the problems with its line."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        for one in error.errors():
            where = tuple(part for part in one["loc"])
            says = f"{'.'.join(map(str, where)) or 'the file'}: {one['msg']}"
            if one["type"] == "extra_forbidden" and where:
                says = (
                    f"'{where[-1]}' is not known here.{did_you_mean(str(where[-1]), _fields(model, where))}"
                )
            problems.append(document.problem(where, says))
        return None


def _fields(model: type[BaseModel], where: Where) -> list[str]:
    names = [field.alias or name for name, field in model.model_fields.items()]
    for name, field in model.model_fields.items():
        inner = [
            a for a in (field.annotation, *getattr(field.annotation, "__args__", ())) if isinstance(a, type)
        ]
        if name in where:
            names += [n for a in inner if issubclass(a, BaseModel) for n in a.model_fields]
    return names
