"""Reading a mapping from YAML, with every mistake told by file and line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tideover.engine.facts.tables import TABLES
from tideover.kit.nearest import did_you_mean

from ._formulas import grammar_problems
from ._model import Frame, Mapping, Rows
from ._problems import MappingRefused, Place, Problem
from ._tables import unknown_columns
from .marks import Marked, read_marked


class Read:
    """A mapping and where each of its words stands."""

    def __init__(self, mapping: Mapping, marked: Marked, name: str) -> None:
        self.mapping = mapping
        self._marked = marked
        self._name = name

    def refuse(self, problems: list[Problem]) -> None:
        """Raise all problems together, in the order of their lines; do nothing when there are none."""
        if problems:
            raise MappingRefused(told(problems, self._marked, self._name))


def read_mapping(path: Path) -> Read:
    """The mapping in that file. MappingRefused names every mistake that can be seen without the source's files."""
    return read_mapping_text(path.read_text(encoding="utf-8"), path.name)


def read_mapping_text(text: str, name: str) -> Read:
    """The same from text; `name` is what messages call it."""
    marked = read_marked(text)
    problems = list(marked.problems)
    mapping = _validated(marked, problems)
    if mapping is not None:
        problems += [*_about_names(mapping), *grammar_problems(mapping)]
    if problems or mapping is None:
        raise MappingRefused(told(problems, marked, name))
    return Read(mapping, marked, name)


def told(problems: list[Problem], marked: Marked, name: str) -> list[str]:
    """Each problem as one line: file, line number, what to do."""
    placed = sorted({(marked.line(problem.at), problem.says) for problem in problems})
    return [f"{name}:{line}: {says}" for line, says in placed]


def _validated(marked: Marked, problems: list[Problem]) -> Mapping | None:
    if problems and marked.data is None:
        return None
    try:
        return Mapping.model_validate(marked.data)
    except ValidationError as error:
        for detail in error.errors():
            problems += _as_problems(detail, marked)
        return None


def _as_problems(detail: ErrorDetails, marked: Marked) -> list[Problem]:
    place = _in_the_yaml(detail["loc"], marked)
    if detail["type"] == "unknown_words":
        context = detail["ctx"]
        words, known = cast("list[str]", context["words"]), cast("list[str]", context["known"])
        listed = ", ".join(known)
        return [
            Problem(
                f"{word!r} is not known here.{did_you_mean(word, known)} Known: {listed}.", (*place, word)
            )
            for word in words
        ]
    if detail["type"] == "missing":
        return [Problem(f"{detail['loc'][-1]!r} is missing.", place)]
    return [Problem(_plain(detail, place), place)]


def _plain(detail: ErrorDetails, place: Place) -> str:
    what = ".".join(str(part) for part in place) or "The mapping"
    if detail["type"] == "float_type" or isinstance(detail.get("input"), float):
        return f"{what}: {detail['input']} has a decimal point; give amounts in a source column, or as whole numbers."
    if detail["type"] == "literal_error":
        known = re.findall("'([^']*)'", str(detail["ctx"]["expected"]))
        word = str(detail["input"])
        return f"{word!r} is not known here.{did_you_mean(word, known)} Known: {', '.join(known)}."
    said = detail["msg"]
    return f"{what}: {said[0].upper()}{said[1:]}{'' if said.endswith('.') else '.'}"


def _in_the_yaml(loc: tuple[str | int, ...], marked: Marked) -> Place:
    """Pydantic names the member of a union it tried; the YAML does not have that step."""
    place: Place = ()
    for part in loc:
        if (*place, part) in marked.lines:
            place = (*place, part)
    return place


def _about_names(mapping: Mapping) -> list[Problem]:
    """Tables and columns must be the contract's; sources of rows must exist and come first."""
    problems: list[Problem] = []
    known = [*mapping.files]
    for name, frame in mapping.frames.items():
        if name in mapping.files:
            problems.append(
                Problem(f"{name!r} is already a file; give the frame another name.", ("frames", name))
            )
        problems += _unknown_frames(frame, known, ("frames", name))
        known.append(name)
    for name, blocks in mapping.tables.items():
        for index, block in enumerate(blocks):
            problems += _about_rows(name, block, known, ("tables", name, index))
    for name, beside in mapping.beside.items():
        problems += _unknown_frames(beside, known, ("beside", name))
    return problems


def _about_rows(name: str, block: Rows, known: list[str], at: Place) -> list[Problem]:
    if name not in TABLES:
        return [Problem(f"There is no table {name!r}.{did_you_mean(name, TABLES)}", at)]
    return [*_unknown_frames(block, known, at), *unknown_columns(name, block, at)]


def _unknown_frames(frame: Frame, known: list[str], at: Place) -> list[Problem]:
    """Frames are made in the order of the file, so each may use only what stands above it."""
    asked = [((*at, "from"), source) for source in frame.from_]
    for index, step in enumerate(frame.steps):
        place = (*at, "steps", index, step.verb)
        if step.join is not None:
            asked.append(((*place, "with"), step.join.with_))
        if step.allocate is not None:
            asked.append(((*place, "payments"), step.allocate.payments))
    return [
        Problem(f"There is no file or frame {one!r} above this line.{did_you_mean(one, known)}", place)
        for place, one in asked
        if one not in known
    ]
