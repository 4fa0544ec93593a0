"""Migrations that are whole or not there at all, and known as such, whenever the process is killed."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor


class InOneTransaction(MigrationExecutor):
    """Notes a migration in the transaction that makes it.

    Django notes those that put off some statements afterwards: one that was killed in between would be made a second
    time, and fail.
    """

    def apply_migration(self, state: Any, migration: Any, *fake: bool, **faked: bool) -> Any:
        """Make one migration and note it."""
        if any(fake) or any(faked.values()) or not migration.atomic:
            return super().apply_migration(state, migration, *fake, **faked)
        if self.progress_callback:
            self.progress_callback("apply_start", migration, False)
        with self.connection.schema_editor(atomic=True) as editor:
            state = migration.apply(state, editor)
            self.record_migration(migration)  # type: ignore[call-arg]
        if self.progress_callback:
            self.progress_callback("apply_success", migration, False)
        return state


def use_it() -> None:
    """From now on `migrate` in this process works so."""
    migrate.MigrationExecutor = InOneTransaction  # type: ignore[attr-defined]
