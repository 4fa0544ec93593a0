"""Pydantic's errors in words for the person who wrote the file: where, what was expected, the nearest known name."""

from __future__ import annotations

from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tideover.engine.policy.content import Problem
from tideover.engine.policy.rules._located import Located
from tideover.kit.nearest import did_you_mean


def complaints(error: ValidationError, model: type[BaseModel], found: Located, *below: int) -> list[Problem]:
    """One problem for each entry that is wrong; `below` are the steps to what was validated, if not the whole file."""
    problems = (found.problem(_sentence(one, model), *below, *one["loc"]) for one in error.errors())
    return list(dict.fromkeys(problems))


def _sentence(one: ErrorDetails, model: type[BaseModel]) -> str:
    entry = ".".join(str(step) for step in one["loc"] if step != "[key]") or "the file"
    name, given = str(one["loc"][-1]) if one["loc"] else "", str(one["input"])
    if one["type"] == "extra_forbidden":
        return f"{entry} is not an entry here.{did_you_mean(name, model.model_fields)}"
    if one["type"] == "missing":
        return f"{entry} is missing."
    if one["loc"] and one["loc"][0] == "values":
        return "Each value stands beside the day from which it is in force, such as `2021-11-30: ...`."
    if one["type"] == "literal_error":
        return (
            f"{entry} cannot be {given!r}: {one['msg'].lower()}.{did_you_mean(given, _choices(one, model))}"
        )
    return f"{entry} is wrong: {one['msg'].lower()}, not {given[:60]!r}."


def _choices(one: ErrorDetails, model: type[BaseModel]) -> list[str]:
    field = model.model_fields.get(str(one["loc"][0]))
    return _literals(field.annotation) if field is not None else []


def _literals(annotation: object) -> list[str]:
    return [
        text for arg in get_args(annotation) for text in ([arg] if isinstance(arg, str) else _literals(arg))
    ]
