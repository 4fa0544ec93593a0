"""The verbs of a mapping, each from frame to frame."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from tideover.engine.facts.tables import Kind

from . import _model as model
from ._allocate import allocate
from ._parse import parse, read
from ._problems import Place, Problem
from ._schedule import schedule
from ._values import Value
from ._work import Frame, Work


def run(steps: list[model.Step], frame: Frame, work: Work, name: str, at: Place) -> Frame:
    """The frame after all steps, in their order."""
    for index, step in enumerate(steps):
        frame = _VERBS[step.verb](
            getattr(step, step.verb), frame, work, name, (*at, "steps", index, step.verb)
        )
    return frame


def stacked(frames: list[Frame]) -> Frame:
    """Frames below each other; a column that one of them lacks is unknown there."""
    kinds: dict[str, Kind | None] = {}
    for frame in frames:
        kinds |= {name: kind or kinds.get(name) for name, kind in frame.kinds.items()}
    return Frame(pl.concat([frame.rows for frame in frames], how="diagonal_relaxed"), kinds)


def parsed(specs: model.Parses, frame: Frame, work: Work, name: str, at: Place) -> Frame:
    """Columns read from text. Rows with a text that does not fit are set aside with what was expected."""
    if not specs:
        return frame
    sources = {target: spec.from_ or target for target, spec in specs.items()}
    here = [work.must_have([source], frame, (*at, target)) for target, source in sources.items()]
    if not all(here):
        nothing = {target: pl.lit(None) for target in specs}
        return frame.changed(frame.rows.with_columns(**nothing), **dict.fromkeys(specs))
    columns = [parse(target, spec, work.reading) for target, spec in specs.items()]
    rows, rejected = read(frame.rows, columns)
    reasons = [column.reason(pl.col(name)) for name, column in zip(rejected, columns, strict=True)]
    kinds = {column.name: column.value.kind for column in columns}
    reason = pl.concat_str(reasons, separator="; ", ignore_nulls=True)
    return work.without_rejected(name, frame.changed(rows, **kinds), rejected, reason)


def _where(said: model.Expression, frame: Frame, work: Work, name: str, at: Place) -> Frame:  # noqa: ARG001
    return frame.changed(frame.rows.filter(work.flag(said, frame, at)))


def _leave_out(said: list[model.Because], frame: Frame, work: Work, name: str, at: Place) -> Frame:
    for index, one in enumerate(said):
        frame = work.leave_out(name, frame, work.flag(one.when, frame, (*at, index, "when")), one.because)
    return frame


def _set_aside(said: list[model.Because], frame: Frame, work: Work, name: str, at: Place) -> Frame:
    for index, one in enumerate(said):
        wrong = work.flag(one.when, frame, (*at, index, "when"))
        frame = work.set_aside(name, frame, wrong, pl.lit(one.because))
    return frame


def _set(said: dict[str, model.Cell], frame: Frame, work: Work, name: str, at: Place) -> Frame:  # noqa: ARG001
    for target, formula in said.items():
        value = work.value(formula, frame, (*at, target))
        frame = frame.changed(frame.rows.with_columns(value.expr.alias(target)), **{target: value.kind})
    return frame


def _join(said: model.Join, frame: Frame, work: Work, name: str, at: Place) -> Frame:  # noqa: ARG001
    other = work.frames.get(said.with_)
    if other is None:  # the reader of the mapping has said so
        return frame
    here, there = list(said.on), list(said.on.values())
    fits = work.must_have(here, frame, (*at, "on"))
    fits = work.must_have([*there, *said.take.values()], other, (*at, "with")) and fits
    if not fits:
        return frame.changed(frame.rows, **dict.fromkeys(said.take))
    if said.how in {"only", "without"}:
        how = "semi" if said.how == "only" else "anti"
        return frame.changed(frame.rows.join(other.rows, left_on=here, right_on=there, how=how))  # type: ignore[arg-type]
    keys = {f"__on_{index}": pl.col(column) for index, column in enumerate(there)}
    taken = other.rows.select(**keys, **{new: pl.col(old) for new, old in said.take.items()})
    rows = frame.rows.drop(list(said.take), strict=False)
    joined = rows.join(taken, left_on=here, right_on=list(keys), how=said.how, maintain_order="left")  # type: ignore[arg-type]
    return frame.changed(joined, **{new: other.kinds[old] for new, old in said.take.items()})


def _unpivot(said: model.Unpivot, frame: Frame, work: Work, name: str, at: Place) -> Frame:  # noqa: ARG001
    parts: list[Frame] = []
    for index, row in enumerate(said.rows):
        values = {
            target: work.value(cell, frame, (*at, "rows", index, target)) for target, cell in row.items()
        }
        kinds = {target: value.kind for target, value in values.items()}
        parts.append(
            frame.changed(frame.rows.with_columns(**{t: v.expr for t, v in values.items()}), **kinds)
        )
    return stacked(parts)


def _totals(said: model.Totals, frame: Frame, work: Work, name: str, at: Place) -> Frame:  # noqa: ARG001
    made: dict[str, Value] = {}
    for target, total in said.take.items():
        made[target] = _total(total, frame, work, (*at, "take", target))
    if not work.must_have(said.by, frame, (*at, "by")):
        return Frame(frame.rows, {**frame.kinds, **{target: value.kind for target, value in made.items()}})
    values = {target: value.expr for target, value in made.items()}
    rows = frame.rows.group_by(said.by).agg(**values) if said.by else frame.rows.select(**values)
    kinds = {column: frame.kinds[column] for column in said.by}
    return Frame(rows, {**kinds, **{target: value.kind for target, value in made.items()}})


def _total(total: model.Total, frame: Frame, work: Work, at: Place) -> Value:
    given = [(verb, getattr(total, verb)) for verb in ("max", "min", "sum", "count") if getattr(total, verb)]
    if len(given) != 1:
        work.problems.append(Problem("A total is one of max, min, sum or count of a column.", at))
        return Value(pl.lit(None), None)
    verb, column = given[0]
    value = work.value(column, frame, at)
    counted: dict[str, Callable[[], pl.Expr]] = {
        "max": value.expr.max,
        "min": value.expr.min,
        "sum": value.expr.sum,
        "count": lambda: value.expr.count().cast(pl.Int64),
    }
    return Value(counted[verb](), Kind.COUNT if verb == "count" else value.kind)


def _distinct(said: model.Distinct, frame: Frame, work: Work, name: str, at: Place) -> Frame:
    order = [*said.first_by, *said.last_by]
    if not work.must_have([*said.by, *order], frame, at):
        return frame
    down = [False] * len(said.first_by) + [True] * len(said.last_by)
    sorted_rows = (
        frame.rows.sort(order, descending=down, nulls_last=True, maintain_order=True) if order else frame.rows
    )
    numbered = frame.changed(sorted_rows.with_columns(pl.int_range(pl.len()).over(said.by).alias("__nth")))
    kept = work.leave_out(name, numbered, pl.col("__nth") > 0, said.because)
    return frame.changed(kept.rows.drop("__nth"))


def _number(said: model.Number, frame: Frame, work: Work, name: str, at: Place) -> Frame:  # noqa: ARG001
    if not work.must_have([*said.by, *said.order], frame, at):
        return frame.changed(frame.rows, **{said.as_: Kind.COUNT})
    ordered = frame.rows.sort(said.order, nulls_last=True, maintain_order=True)
    counted = (pl.int_range(pl.len(), dtype=pl.Int64) + 1).over(said.by)
    return frame.changed(ordered.with_columns(counted.alias(said.as_)), **{said.as_: Kind.COUNT})


_VERBS: dict[str, Callable[..., Frame]] = {
    "where": _where,
    "leave_out": _leave_out,
    "set_aside": _set_aside,
    "parse": parsed,
    "set": _set,
    "join": _join,
    "unpivot": _unpivot,
    "totals": _totals,
    "distinct": _distinct,
    "number": _number,
    "schedule": schedule,
    "allocate": allocate,
}
