"""The tables of the facts contract, made from the contract itself: a column that is added there appears here.

A change is a new row with the same key and a later `recorded_at`; nothing is overwritten. `provenance` says who told us.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.db import models

from tideover.book.fields import DayField, MomentField
from tideover.engine.facts import TABLES, Column, Kind, Table

KEY_LENGTH, CODE_LENGTH = 200, 64


class Fact(models.Model):
    """One version of one fact."""

    table: ClassVar[Table]
    objects: ClassVar[models.Manager[Any]]

    id = models.BigAutoField(primary_key=True)
    provenance = models.CharField(max_length=CODE_LENGTH, default="import")

    class Meta:
        abstract = True

    @property
    def as_row(self) -> dict[str, Any]:
        """What it says, by column: to be said again with something changed."""
        return {it.name: getattr(self, it.name) for it in self.table.columns}


_FIELDS: dict[Kind, Callable[..., models.Field]] = {
    Kind.KEY: partial(models.CharField, max_length=KEY_LENGTH),
    Kind.CODE: partial(models.CharField, max_length=CODE_LENGTH),
    Kind.TEXT: models.TextField,
    Kind.FLAG: models.BooleanField,
    Kind.DAY: DayField,
    Kind.MOMENT: MomentField,
}


def _field(column: Column, *, is_key: bool) -> models.Field:
    make = _FIELDS.get(column.kind, models.BigIntegerField)
    return make(null=not is_key, help_text=column.meaning)


SINCE = ("payments", "consents", "complaints")
"""Tables that are asked, however large, what was recorded since a moment."""


def _indexes(table: Table) -> list[models.Index]:
    keys = (table.person, "person_id", "loan_id", "contact_id", "application_id", "address_id", "subject")
    found = [name for name in dict.fromkeys(keys) if name in table.names and name != table.key[0]]
    found += ["recorded_at"] if table.name in SINCE else []
    return [models.Index(fields=[name], name=f"{table.name[:20]}_{name[:8]}") for name in found]


def _model(table: Table) -> type[Fact]:
    by_key = models.UniqueConstraint(fields=[*table.key, "recorded_at"], name=f"one_{table.name}_a_moment")
    options = type(
        "Meta",
        (),
        {
            "app_label": "book",
            "db_table": f"book_{table.name}",
            "constraints": [by_key],
            "indexes": _indexes(table),
        },
    )
    fields = {
        column.name: _field(column, is_key=column.name in (*table.key, "recorded_at"))
        for column in table.every
    }
    name = "".join(part.title() for part in table.name.split("_"))
    return type(
        name,
        (Fact,),
        {"__module__": __name__, "__doc__": table.meaning, "Meta": options, "table": table, **fields},
    )


FACTS: dict[str, type[Fact]] = {name: _model(table) for name, table in TABLES.items()}
"""The model of each table of the contract, by its name."""


def fact_table(name: str) -> str:
    """The database table that keeps the versions of a table of the contract."""
    return FACTS[name]._meta.db_table
