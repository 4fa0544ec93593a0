"""What an import holds in its hands: frames by name, what was set aside or left out, and problems met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from tideover.engine.facts.tables import Kind
from tideover.kit.nearest import did_you_mean

from ._expression import NotAFormula, Scope, compiled
from ._model import Cell, Expression, Literally
from ._parse import Reading
from ._problems import Place, Problem
from ._values import Value, literal

REASON = "reason"


@dataclass(frozen=True)
class Frame:
    """Rows to come, and the kind of each column; None where nothing is known of it."""

    rows: pl.LazyFrame
    kinds: dict[str, Kind | None]

    def changed(self, rows: pl.LazyFrame, **kinds: Kind | None) -> Frame:
        """The same columns and these, over other rows."""
        return Frame(rows, {**self.kinds, **kinds})


@dataclass(frozen=True)
class Aside:
    """Rows of a frame that cannot be used, with the reason in each."""

    frame: str
    rows: pl.LazyFrame


@dataclass(frozen=True)
class LeftOut:
    """How many rows of a frame are not meant for the book, and why."""

    frame: str
    because: str
    count: pl.LazyFrame


@dataclass
class Work:
    """The import of one source, from its files to the tables."""

    reading: Reading
    scratch: Path
    dry: bool
    """Whether only names and kinds are looked at, and no row is read beyond the headers."""
    constants: dict[str, Value]
    functions: dict[str, Callable[..., Value]]
    frames: dict[str, Frame] = field(default_factory=dict)
    asides: list[Aside] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def staged(self, name: str, frame: Frame) -> Frame:
        """The frame computed once and kept as Parquet, so that whatever is made from it reads little."""
        if self.dry:
            return frame
        path = self.scratch / f"{name}.parquet"
        frame.rows.sink_parquet(path)
        return Frame(pl.scan_parquet(path), frame.kinds)

    def value(self, said: Expression | Literally | Cell, frame: Frame, at: Place) -> Value:
        """The formula over this frame. A formula that cannot be used becomes a problem, and NULL for the time being."""
        if isinstance(said, Literally):
            return literal(said.value)
        try:
            return compiled(said, Scope(frame.kinds, self.constants, self.functions))
        except NotAFormula as error:
            self.problems.append(Problem(str(error), at))
            return literal(None)

    def flag(self, said: Expression, frame: Frame, at: Place) -> pl.Expr:
        """The same where it must be true or false; unknown counts as false."""
        return self.of_kind(said, Kind.FLAG, frame, at).fill_null(value=False)

    def of_kind(self, said: Expression, kind: Kind, frame: Frame, at: Place) -> pl.Expr:
        """The same where it must be of one kind."""
        value = self.value(said, frame, at)
        if not value.fits(kind):
            wanted = Value(pl.lit(None), kind).said
            self.problems.append(Problem(f"{said!r} must be {wanted}, and is {value.said}.", at))
        return value.expr

    def must_have(self, columns: list[str], frame: Frame, at: Place) -> bool:
        """Whether the frame has all of these columns; a problem for each that it has not."""
        strange = [column for column in columns if column not in frame.kinds]
        shown = ", ".join([*frame.kinds][:40])
        for column in strange:
            says = f"There is no column {column!r} here.{did_you_mean(column, frame.kinds)} Columns: {shown}."
            self.problems.append(Problem(says, at))
        return not strange

    def set_aside(self, name: str, frame: Frame, wrong: pl.Expr, reason: pl.Expr) -> Frame:
        """The rows without those that are wrong; the wrong ones are kept with their reason."""
        wrong = wrong.fill_null(value=False)
        self.asides.append(Aside(name, frame.rows.filter(wrong).with_columns(reason.alias(REASON))))
        return frame.changed(frame.rows.filter(~wrong))

    def without_rejected(self, name: str, frame: Frame, rejected: list[str], reason: pl.Expr) -> Frame:
        """The rows in which all of these columns are NULL; the others are set aside. Reading is dear and done once."""
        both = self.staged(f"{name} {len(self.asides)}", frame)
        fine = pl.all_horizontal(pl.col(one).is_null() for one in rejected)
        wrong = both.rows.filter(~fine).with_columns(reason.alias(REASON)).drop(rejected)
        self.asides.append(Aside(name, wrong))
        return both.changed(both.rows.filter(fine).drop(rejected))

    def leave_out(self, name: str, frame: Frame, gone: pl.Expr, because: str) -> Frame:
        """The rows without those that are not meant for the book; they are counted."""
        self.left_out.append(LeftOut(name, because, frame.rows.filter(gone).select(pl.len())))
        return frame.changed(frame.rows.filter(~gone))
