"""Frames become tables of the contract: its columns in their kinds, one row per version that became known."""

from __future__ import annotations

import polars as pl

from tideover.engine.facts.tables import TABLES, Column, Kind, Table
from tideover.kit.nearest import did_you_mean

from . import _model as model
from ._problems import Place, Problem
from ._steps import run, stacked
from ._values import DTYPES, Value, literal, said_kind
from ._work import Frame, Work


def made(name: str, blocks: list[model.Rows], work: Work, currency: str) -> pl.LazyFrame:
    """All rows of one table of the contract, from every block and version."""
    parts: list[pl.LazyFrame] = []
    for index, block in enumerate(blocks):
        at: Place = ("tables", name, index)
        sources = [work.frames[source] for source in block.from_ if source in work.frames]
        frame = run(block.steps, stacked(sources), work, f"table {name}", at)
        parts += [
            _version(TABLES[name], block, version, frame, work, currency, (*at, "versions", place))
            for place, version in enumerate(block.versions)
        ]
    return pl.concat(parts, how="diagonal")


def unknown_columns(name: str, block: model.Rows, at: Place) -> list[Problem]:
    """Columns the contract does not have, and those it needs and this block does not give."""
    table = TABLES[name]
    names = [column.name for column in table.columns]
    given = [*block.columns]
    problems: list[Problem] = []
    for place, version in enumerate(block.versions):
        problems += _strange(version.columns, names, name, (*at, "versions", place, "columns"))
    problems += _strange(block.columns, names, name, (*at, "columns"))
    missing = [one.name for one in table.columns if one.name not in given and _must_be_given(one, name)]
    if missing:
        problems.append(Problem(f"{name} needs {', '.join(missing)} as well.", (*at, "columns")))
    return problems


def _strange(given: dict[str, model.Cell], names: list[str], table: str, at: Place) -> list[Problem]:
    return [
        Problem(
            f"{table} has no column {one!r}.{did_you_mean(one, names)} It has: {', '.join(names)}.",
            (*at, one),
        )
        for one in given
        if one not in names
    ]


def _must_be_given(column: Column, table: str) -> bool:
    """The currency of loans has a default in the mapping; what the contract fills in need not be said."""
    return column.required and column.otherwise is None and (table, column.name) != ("loans", "currency")


def _version(
    table: Table,
    block: model.Rows,
    version: model.Version,
    frame: Frame,
    work: Work,
    currency: str,
    at: Place,
) -> pl.LazyFrame:
    rows = frame
    if version.when is not None:
        rows = frame.changed(frame.rows.filter(work.flag(version.when, frame, (*at, "when"))))
    cells = {**block.columns, **version.columns}
    if table.name == "loans":
        cells.setdefault("currency", model.Literally(value=currency))
    values: dict[str, pl.Expr] = {}
    for target, cell in cells.items():
        own = target in version.columns
        place = (*at, "columns", target) if own else (*at[:3], "columns", target)
        values[target] = _stored(table, target, work.value(cell, rows, place), cell, work, place)
    recorded = work.value(version.recorded_at, rows, (*at, "recorded_at"))
    values["recorded_at"] = _stored(
        table, "recorded_at", recorded, version.recorded_at, work, (*at, "recorded_at")
    )
    return rows.rows.select(**values)


def _stored(table: Table, target: str, value: Value, cell: model.Cell, work: Work, at: Place) -> pl.Expr:
    """The value in the type the contract keeps it in; a problem when its kind is another."""
    if target not in table.names:
        return literal(None).expr
    kind = table.column(target).kind
    whole_as_key = kind is Kind.KEY and value.kind is Kind.COUNT
    if not (value.fits(kind) or whole_as_key):
        said = cell.value if isinstance(cell, model.Literally) else cell
        help_ = " Read it with a `parse` step first." if value.kind is Kind.TEXT else ""
        says = f"{table.name}.{target} is {said_kind(kind)}, and {said!r} is {value.said}.{help_}"
        work.problems.append(Problem(says, at))
    return value.expr.cast(DTYPES[kind], strict=False)
