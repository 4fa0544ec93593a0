"""Can this process work? The database answers, is migrated, and the data folder takes files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def database() -> str:
    """Does it answer?"""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "does not answer"
    return ""


def migrations() -> str:
    """Are its tables those of this version?"""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "cannot be read"
    return f"{len(waiting)} are not applied; run tideover migrate" if waiting else ""


def data_folder() -> str:
    """Can runs and reports be written?"""
    try:
        Path(settings.DATA).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.DATA):
            pass
    except OSError:
        return "cannot be written"
    return ""


CHECKS: Mapping[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "data folder": data_folder,
}


def troubles() -> dict[str, str]:
    """What stands in the way, by name; empty where all is well."""
    return {name: said for name, check in CHECKS.items() if (said := check())}
