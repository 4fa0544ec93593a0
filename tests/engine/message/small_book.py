"""A small book in memory: the tables of the contract, empty where nothing is given."""

from collections.abc import Callable, Mapping, Sequence

import narwhals as nw

from tideover.engine.decision.decide import Facts
from tideover.engine.facts import TABLES, Kind
from tideover.engine.facts.backends import PolarsBackend
from tideover.kit.ids import seed_of

TEXT = (Kind.KEY, Kind.TEXT, Kind.CODE)
Rows = Sequence[Mapping[str, object]]


def facts_of_tables(at: int, **given: Rows) -> Facts:
    """Facts as known at a moment, from rows in engine types."""
    backend = PolarsBackend()
    frames = {name: backend.table(_columns(name, given.get(name, ())), _types(name)) for name in TABLES}
    frames_of: Callable[[str], nw.LazyFrame] = frames.__getitem__
    return Facts(frames_of, backend, at)


def person(borrower_id: str, **more: object) -> dict[str, object]:
    base = {"language": "lv", "country": "LV", "timezone": "Europe/Riga", "seed": seed_of(borrower_id)}
    return {"borrower_id": borrower_id, **base, **more}


def loan(loan_id: str, borrower_id: str, **more: object) -> dict[str, object]:
    base = {
        "product": "instalment",
        "kind": "instalment",
        "currency": "EUR",
        "principal": 100_000,
        "frequency": "monthly",
    }
    return {"loan_id": loan_id, "borrower_id": borrower_id, **base, **more}


def monthly(loan_id: str, due: Sequence[int], paid: int) -> list[dict[str, object]]:
    """Instalments of 100.00 on these days, the first `paid` of them paid on their day."""
    return [
        {
            "loan_id": loan_id, "number": number, "due_on": on, "principal": 9_000, "interest": 1_000, "fees": 0,
            "paid": 10_000 if number <= paid else 0, "settled_on": on if number <= paid else None,
        }
        for number, on in enumerate(due, 1)
    ]  # fmt: skip


def _types(name: str) -> dict[str, type[nw.dtypes.DType]]:
    types: dict[str, type[nw.dtypes.DType]] = {"recorded_at": nw.Int64}
    for column in TABLES[name].columns:
        flag = nw.Boolean if column.kind is Kind.FLAG else nw.Int64
        types[column.name] = nw.String if column.kind in TEXT else flag
    return types


def _columns(name: str, rows: Rows) -> dict[str, list[object]]:
    return {column: [row.get(column) for row in rows] for column in _types(name)}
