"""A table whose rows stay as they were written: triggers refuse a change or removal, whoever asks the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tideover.kit.errors import Refused

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

VERBS = ("UPDATE", "DELETE")
RAISE = "SELECT RAISE(ABORT, '{}'); END"
FUNCTION = "tideover_only_added"
FUNCTION_SAYS = f"""
    CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END $$
"""


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


def protected(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables whose rows stay."""
    known = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(known)
        names = [str(name) for (name,) in cursor.fetchall()]
    ending = _name("", "DELETE")
    return sorted(it.removesuffix(ending) for it in names if it.endswith(ending))


def _name(table: str, verb: str) -> str:
    return f"{table}_no_{verb.lower()}"


def _protecting(vendor: str, table: str) -> list[str]:
    says = f"rows of {table} are only ever added"
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {_name(table, verb)} BEFORE {verb} ON {table} BEGIN {RAISE.format(says)}"
            for verb in VERBS
        ]
    each = {"UPDATE": "ROW", "DELETE": "ROW", "TRUNCATE": "STATEMENT"}
    triggers = [
        f"CREATE TRIGGER {_name(table, verb)} BEFORE {verb} ON {table} FOR EACH {one} EXECUTE FUNCTION {FUNCTION}()"
        for verb, one in each.items()
    ]
    return [FUNCTION_SAYS, *triggers]
