"""What the decision asks of a data engine besides narwhals: small tables in, and work done once kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import narwhals as nw

Columns = Mapping[str, Sequence[object]]
Types = Mapping[str, type[nw.dtypes.DType]]


class Backend(Protocol):
    """A data engine."""

    def table(self, columns: Columns, types: Types) -> nw.LazyFrame:
        """A small table in this engine."""
        ...

    def settle(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """The same rows, computed now, for what several later steps read."""
        ...

    def reduce(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """The few rows to which many are reduced, computed now where that is cheaper than within a longer plan."""
        ...

    def pause(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """A place to settle for engines whose planner slows down on long plans; others hand the frame back."""
        ...
