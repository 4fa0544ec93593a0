"""Content files with the line each value stands on, and the lender's overlay: own file wins, whole file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from tideover.kit.errors import Refused
from tideover.kit.nearest import did_you_mean

SHIPPED = Path(__file__).parents[2] / "content"
Where = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
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


class _Loader(yaml.SafeLoader):
    """Safe YAML that refuses a key given twice, which would otherwise lose the first in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:  # noqa: FBT002 - PyYAML's own
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"'{key}' is given twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


@dataclass(frozen=True)
class Document:
    """One content file: its data and the line of every place in it."""

    path: Path
    label: str
    data: object
    lines: Mapping[Where, int]

    def line(self, where: Where) -> int:
        """The line of a place, or of the nearest place around it."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def problem(self, where: Where, says: str) -> Problem:
        """A problem at a place of this file."""
        return Problem(self.label, self.line(where), says)


def read_document(path: Path, label: str | None = None) -> Document:
    """Read one YAML file. Raises ContentRefused where it cannot be read."""
    label = label or path.name
    try:
        text = path.read_text("utf-8")
        node = yaml.compose(text, Loader=_Loader)
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except UnicodeDecodeError:
        raise ContentRefused([Problem(label, 1, "is not UTF-8 text; save it as UTF-8")]) from None
    except yaml.YAMLError as error:
        _refuse_yaml(label, error)
    return Document(path, label, data, dict(_lines(node, ())) if node else {})


def _refuse_yaml(label: str, error: yaml.YAMLError) -> NoReturn:
    mark = getattr(error, "problem_mark", None)
    says = getattr(error, "problem", None) or str(error)
    raise ContentRefused(
        [Problem(label, mark.line + 1 if mark else 1, f"is not YAML that can be read: {says}")]
    )


def _lines(node: yaml.Node, where: Where) -> Iterator[tuple[Where, int]]:
    yield where, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _lines(value, (*where, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for at, value in enumerate(node.value):
            yield from _lines(value, (*where, at))


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
