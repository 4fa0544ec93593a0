"""A table as a bank's page exports it: which column is what is told by a mapping, a small file of YAML."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from pydantic import Field

from tideover.engine.policy.content import ContentRefused, Problem, read_document, validated
from tideover.engine.policy.lists import Strict
from tideover.kit.errors import Refused
from tideover.repayment.statements.reading.amounts import NotReadable, minor_either
from tideover.repayment.statements.reading.lines import Aside, Begins, Ends, Heard, Line, reference


class Columns(Strict):
    """Which column is what. `account` and `currency` may be told outright instead of by a column."""

    delimiter: str = ","
    decimal: str = Field(default="", pattern=r"^[.,]?$")
    days: str = "%Y-%m-%d"
    skip_rows: int = 0
    account: str = ""
    currency: str = ""
    account_column: str = ""
    currency_column: str = ""
    booked_on: str
    value_on: str = ""
    amount: str = ""
    came_in: str = ""
    went_out: str = ""
    bank_id: str = ""
    end_to_end: str = ""
    references: tuple[str, ...] = ()
    name: str = ""
    other_account: str = ""
    text: tuple[str, ...] = ()
    state: str = ""
    pending_states: tuple[str, ...] = ()


def read_columns(path: Path) -> Columns:
    """A mapping that was written down. Raises ContentRefused."""
    problems: list[Problem] = []
    found = validated(read_document(path), Columns, problems)
    if found is None:
        raise ContentRefused(problems)
    return found


def read_table(rows: Iterable[str], columns: Columns) -> Iterator[Heard]:
    """The lines of a table; each account of it is a statement of its own, without balances."""
    kept = iter(rows)
    for _ in range(columns.skip_rows):
        next(kept, None)
    account = None
    for number, row in enumerate(csv.DictReader(kept, delimiter=columns.delimiter), columns.skip_rows + 2):
        told = {
            key.strip(): (value or "").strip()
            for key, value in row.items()
            if isinstance(key, str) and not isinstance(value, list)
        }
        if not any(told.values()):
            continue
        try:
            line = _line(told, columns)
        except Refused as refused:
            yield Aside(f"row {number}", str(refused))
            continue
        if line.account != account:
            if account is not None:
                yield Ends()
            account = line.account
            yield Begins(account, "", line.currency)
        yield line
    if account is not None:
        yield Ends()


def _line(told: Mapping[str, str], columns: Columns) -> Line:
    def of(column: str) -> str:
        return told.get(column, "") if column else ""

    currency = (of(columns.currency_column) or columns.currency).upper()
    amount = _amount(told, columns, currency)
    booked = _day(of(columns.booked_on), columns.days)
    value = of(columns.value_on)
    bank_id = reference(of(columns.bank_id))
    refs = tuple(ref for it in columns.references if (ref := reference(of(it))))
    return Line(
        "".join((of(columns.account_column) or columns.account).split()).upper(), booked,
        _day(value, columns.days) if value else booked, amount, currency, bank_id, reference(of(columns.end_to_end)), refs,
        of(columns.name), "".join(of(columns.other_account).split()).upper(),
        " ".join(it for name in columns.text if (it := of(name))),
        is_pending=of(columns.state) in columns.pending_states if columns.state else False,
        entry=f"{booked}|{amount}|{currency}|{bank_id}",
    )  # fmt: skip


def _amount(told: Mapping[str, str], columns: Columns, currency: str) -> int:
    if not currency:
        raise NotReadable("the mapping does not say in which currency it is")
    if columns.amount:
        return minor_either(told.get(columns.amount, ""), currency, columns.decimal)
    came, went = told.get(columns.came_in, ""), told.get(columns.went_out, "")
    if bool(came) == bool(went):
        raise NotReadable("it does not say how much, or which way")
    value = abs(minor_either(came or went, currency, columns.decimal))
    return value if came else -value


def _day(text: str, shape: str) -> date:
    try:
        return datetime.strptime(text.strip(), shape).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise NotReadable("the day is not written as the mapping says") from None
