"""Rows of one table, judged one by one: those that can be kept, and why the others cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tideover.engine.facts import TABLES, Table
from tideover.kit.nearest import did_you_mean
from tideover.web.api.values import Unusable, Value, value_of

OURS = frozenset({"recorded_at", "seed"})
"""Columns that are made here."""


@dataclass(frozen=True)
class Refusal:
    """Why one row was not kept. Says nothing of what stood in it."""

    row: int
    column: str
    code: str
    says: str

    @property
    def told(self) -> dict[str, str | int]:
        """As it is answered."""
        return {"row": self.row, "column": self.column, "code": self.code, "says": self.says}


Good = dict[int, dict[str, Value]]


def judged(table: str, rows: Sequence[Mapping[str, object]]) -> tuple[Good, list[Refusal]]:
    """The rows by their place, as they would be kept; and what stands against the others."""
    spec, good, refused = TABLES[table], Good(), list[Refusal]()
    keys: set[tuple[Value, ...]] = set()
    for place, row in enumerate(rows):
        read, wrong = _read(spec, place, row)
        key = tuple(read.get(name, spec.column(name).otherwise) for name in spec.key)
        if not wrong and key in keys:
            wrong.append(
                Refusal(
                    place, spec.key[0], "duplicate_key", "An earlier row of this request has the same key."
                )
            )
        if wrong:
            refused += wrong
        else:
            keys.add(key)
            good[place] = read
    return good, refused


def _read(spec: Table, place: int, row: Mapping[str, object]) -> tuple[dict[str, Value], list[Refusal]]:
    wrong = [Refusal(place, str(name)[:64], code, says) for name, code, says in _strange(spec, row)]
    read: dict[str, Value] = {}
    for column in spec.columns:
        if column.name in OURS:
            continue
        try:
            value = value_of(column, row.get(column.name))
        except Unusable as unusable:
            wrong.append(Refusal(place, column.name, unusable.code, unusable.says))
            continue
        if value is not None:
            read[column.name] = value
        elif column.otherwise is None and (column.required or column.name in spec.key):
            wrong.append(Refusal(place, column.name, "missing_value", f"It is needed: {column.meaning}."))
    return read, wrong or _out_of_order(spec, place, read)


def _strange(spec: Table, row: Mapping[str, object]) -> list[tuple[str, str, str]]:
    names = [it for it in spec.names if it not in OURS]
    ours = [(name, "made_here", "It is made here; leave it out.") for name in row if name in OURS]
    unknown = [
        (name, "unknown_column", f"The table '{spec.name}' has no such column.{did_you_mean(name, names)}")
        for name in row
        if name not in spec.names
    ]
    return [*ours, *unknown]


def _out_of_order(spec: Table, place: int, read: Mapping[str, Value]) -> list[Refusal]:
    found = []
    for first, second in spec.in_order:
        begins, ends = read.get(first), read.get(second)
        if begins is not None and ends is not None and ends < begins:  # type: ignore[operator]
            found.append(Refusal(place, second, "dates_out_of_order", f"It lies before {first}."))
    return found
