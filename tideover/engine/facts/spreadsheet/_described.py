"""A spreadsheet's confirmed columns as a mapping, so that a spreadsheet is imported like every other source."""

from __future__ import annotations

from datetime import date

import yaml

from ._columns import Confirmed, SheetColumns
from ._frames import frames
from ._shape import Said, Shape, field_parse, needed_fields
from ._tables import tables

_CLASSES = ["status", "help", "reminder", "collection", "lesson"]


def described(confirmed: Confirmed, known_on: date) -> str:
    """The mapping as YAML. FilesRefused when the columns do not tell what falls due, or what was paid."""
    shape = Shape(confirmed)
    said: Said = {
        "format": 1,
        "source": "spreadsheet",
        "says": "A lender's spreadsheet.",
        "currency": confirmed.currency,
        "timezone": confirmed.timezone,
        "constants": {"known_on": {"value": known_on, "because": "the day the sheet was up to date"}},
        "files": _files(confirmed),
        "frames": frames(shape),
        "tables": tables(shape),
        "assume": _assumptions(shape),
    }
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True)


def _files(confirmed: Confirmed) -> Said:
    files: Said = {"loans_sheet": _file("loans", confirmed.loans)}
    if confirmed.payments:
        files["payments_sheet"] = _file("payments", confirmed.payments)
    return files


def _file(name: str, sheet: SheetColumns) -> Said:
    needed = needed_fields(sheet) if name == "loans" else {"loan_id", "paid_on", "paid"}
    return {
        "names": [f"{name}.parquet"],
        "format": "parquet",
        "parse": {
            field: field_parse(field, one, needed=field in needed) for field, one in sheet.columns.items()
        },
    }


def _assumptions(shape: Shape) -> Said:
    """What the sheet has no column for. Whoever works with the list knows how to reach the people on it."""
    says = shape.confirmed
    consent: Said = {"channels": ["sms", "call", "email", "letter", "visit"], "classes": _CLASSES}
    assume: Said = {
        "consent": {**consent, "because": "a spreadsheet holds no consents"},
        "timezone": {"value": says.timezone, "because": "where the lender is"},
    }
    for field, value in (("language", says.language), ("country", says.country)):
        if value and not shape.has(field):
            assume[field] = {"value": value, "because": "as most of the lender's people"}
    if not (shape.has("phone") or shape.has("email")):
        known: Said = {
            "address": "phone",
            "because": "the sheet holds no addresses; its people are known to the lender",
        }
        assume["channel"] = {"sms": known, "call": known}
    return assume
