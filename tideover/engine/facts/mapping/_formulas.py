"""Every formula of a mapping with its place, so that its grammar can be checked before any file is there."""

from __future__ import annotations

from collections.abc import Iterator

from . import _model as model
from ._expression import NotAFormula, check_grammar
from ._functions import functions
from ._problems import Place, Problem

Placed = tuple[Place, object]

_FORMULAS: dict[type[model.Said], tuple[str, ...]] = {
    model.Because: ("when",),
    model.Every: ("days", "weeks", "months"),
    model.Schedule: (
        "count",
        "first_due_on",
        "starts_on",
        "principal",
        "rate",
        "instalment",
        "interest",
        "fees",
    ),
    model.Allocate: ("due",),
    model.Step: ("where",),
    model.Version: ("recorded_at", "when"),
}
"""Fields that hold a formula."""

_CELLS: dict[type[model.Said], tuple[str, ...]] = {
    model.Step: ("set",),
    model.Unpivot: ("rows",),
    model.Rows: ("columns",),
    model.Beside: ("columns",),
    model.Version: ("columns",),
}
"""Fields that hold formulas by column."""


def grammar_problems(mapping: model.Mapping) -> list[Problem]:
    """Formulas that are none, each with its place. Columns are not looked at: only the files know them."""
    return [problem for place, said in formulas(mapping) for problem in _problem(place, said)]


def formulas(part: object, at: Place = ()) -> Iterator[Placed]:
    """Each formula below this part of a mapping, with its place."""
    if isinstance(part, model.Said):
        own = _FORMULAS.get(type(part), ())
        for name in type(part).model_fields:
            value = getattr(part, name)
            place = (*at, type(part).model_fields[name].alias or name)
            if name in own:
                yield place, value
            elif name in _CELLS.get(type(part), ()):
                yield from _cells(value, place)
            else:
                yield from formulas(value, place)
    elif isinstance(part, dict | list):
        for key, value in part.items() if isinstance(part, dict) else enumerate(part):
            yield from formulas(value, (*at, key))


def _cells(value: object, at: Place) -> Iterator[Placed]:
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _cells(one, (*at, key))
    else:
        yield at, value


def _problem(place: Place, said: object) -> Iterator[Problem]:
    if isinstance(said, str):
        try:
            check_grammar(said, functions("UTC"))
        except NotAFormula as error:
            yield Problem(str(error), place)
