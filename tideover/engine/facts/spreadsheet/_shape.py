"""What the confirmed columns of a sheet make possible: which rows it has, and whether they tell enough."""

from __future__ import annotations

from tideover.engine.facts.mapping import FilesRefused

from ._columns import Column, Confirmed, SheetColumns
from ._values import as_parse
from ._vocabulary import vocabulary

DAYS_BETWEEN = {"monthly": 0, "weekly": 7, "fortnightly": 14, "daily": 1}
"""Days from one instalment to the next; 0 is a month."""

Said = dict[str, object]
"""A part of a mapping, as YAML has it."""


def needed_fields(sheet: SheetColumns) -> set[str]:
    """Fields whose cells must be filled, in a sheet of this shape."""
    if {"due_on", "due_amount"} <= sheet.columns.keys():
        return {"loan_id", "due_on", "due_amount"}
    if has_terms(sheet):
        return {"loan_id", "principal", "count"}
    return {"loan_id"}


def has_terms(sheet: SheetColumns) -> bool:
    fields = sheet.columns.keys()
    return {"principal", "count"} <= fields and bool({"first_due_on", "disbursed_on"} & fields)


class Shape:
    """One row an instalment, one row a loan with its terms, or one row a loan with how it stands."""

    def __init__(self, confirmed: Confirmed) -> None:
        self.confirmed = confirmed
        self.fields = confirmed.loans.columns.keys()
        self.by_instalment = {"due_on", "due_amount"} <= self.fields
        self.by_terms = not self.by_instalment and has_terms(confirmed.loans)
        self.has_standing = bool({"overdue", "days_late"} & self.fields)
        self.has_payments = confirmed.payments is not None and (self.by_instalment or self.by_terms)
        _refuse_gaps(self)

    @property
    def due(self) -> str:
        """What falls due with one instalment."""
        return "due_amount" if self.by_instalment else "principal_due + interest_due"

    def has(self, *fields: str) -> bool:
        """Whether the sheet has all of these columns."""
        return set(fields) <= self.fields

    def picked(self, **columns: str) -> Said:
        """The columns of a table whose fields the sheet has."""
        return {
            target: field for target, field in columns.items() if field in self.fields or field == "person"
        }


def _refuse_gaps(shape: Shape) -> None:
    if not (shape.by_instalment or shape.by_terms or shape.has_standing):
        raise FilesRefused(
            "The sheet does not tell what falls due. It needs one of: a due date and an amount due in each row; the "
            "amount lent, the number of instalments and the day of the first one or of disbursement; or the amount "
            "overdue or the days late."
        )
    tells_paid = shape.confirmed.payments or {"paid", "balance", "paid_on"} & shape.fields
    if not tells_paid and not shape.has_standing:
        raise FilesRefused(
            "The sheet does not tell what was paid, and nobody who has paid may be asked to pay. Add a column with "
            "what was paid so far or with the balance, or a sheet of payments (loan, date, amount)."
        )


def field_parse(field: str, column: Column, *, needed: bool) -> Said:
    kind = vocabulary().fields[field].as_
    spec: Said = {}
    if kind == "day" and column.format:
        spec["format"] = column.format
    if kind == "money":
        spec |= {"decimal": column.decimal, "thousands": column.thousands, "without": column.without}
    return {**as_parse(kind, spec), **({"needed": True} if needed else {})}  # type: ignore[arg-type]
