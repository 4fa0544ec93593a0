"""A table whose rows stay as they were written: triggers refuse a change or removal, whoever asks the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tideover.kit.errors import Refused

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

VERBS = ("UPDATE", "DELETE")


class Unchangeable(Refused):
    """A row that was meant to stay would have been changed or removed."""


def protect(connection: BaseDatabaseWrapper, table: str) -> None:
    """From now on rows of this table can only be added."""
    with connection.cursor() as cursor:
        for statement in _protecting(connection.vendor, table):
            cursor.execute(statement)


def unprotect(connection: BaseDatabaseWrapper, table: str) -> None:
    """Rows can be changed again. For undoing a migration only."""
    with connection.cursor() as cursor:
        for verb in (*VERBS, "TRUNCATE") if connection.vendor == "postgresql" else VERBS:
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, verb)}{on}")


def _name(table: str, verb: str) -> str:
    return f"{table}_no_{verb.lower()}"


def _protecting(vendor: str, table: str) -> list[str]:
    says = f"rows of {table} are only ever added"
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {_name(table, verb)} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
            for verb in VERBS
        ]
    function = "tideover_only_added"
    return [
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME "
        "USING ERRCODE = 'restrict_violation'; END $$",
        *(
            f"CREATE TRIGGER {_name(table, verb)} BEFORE {verb} ON {table} FOR EACH ROW "
            f"EXECUTE FUNCTION {function}()"
            for verb in VERBS
        ),
        f"CREATE TRIGGER {_name(table, 'TRUNCATE')} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION {function}()",
    ]
