"""Rows of a source into a fact table: what is known already adds nothing, and what was corrected is not lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db import connection

from tideover.book.bulk import stage
from tideover.book.models import fact_table
from tideover.engine.facts import Table


@dataclass(frozen=True)
class Added:
    """How many rows are new, and how many say otherwise than what is known and were not taken."""

    new: int
    told_differently: int


def add_new(table: Table, rows: pl.DataFrame, *, source: str, at: datetime, since: int) -> Added:
    """Rows through a temporary table, so that the database itself says which are new. `since`: its last number before.

    Where a date of the source stands in for when a row became known, a corrected row comes with the moment that its
    earlier version has: it became known now, then. Not taken is what an earlier version said already, for it comes from
    an older file; and what would take back an end that somebody else told.
    """
    about = _Statements(
        table, connection.ops.quote_name(fact_table(table.name)), stage(rows, fact_table(table.name))
    )
    with connection.cursor() as cursor:
        left = rows.height
        if since:
            cursor.execute(about.forget_known())
            left -= max(cursor.rowcount, 0)
        cursor.execute(about.add(), [source])
        new = max(cursor.rowcount, 0)
        if left > new:
            moment = int(at.timestamp())
            cursor.execute(about.correct(), [moment, moment, source, source])
            new += max(cursor.rowcount, 0)
        cursor.execute(f"DROP TABLE {about.staged}")
    return Added(new, left - new)


@dataclass(frozen=True)
class _Statements:
    """`s` is a row of the source, `k` one with its key in the target, `l` the latest of these."""

    table: Table
    target: str
    staged: str

    def forget_known(self) -> str:
        """Take those from the source that say just what is known."""
        return (
            f"DELETE FROM {self.staged} AS s WHERE EXISTS (SELECT 1 FROM {self.target} k "  # noqa: S608 - names of ours
            f"WHERE {self._key('k', 's')} AND {self._says_the_same} AND {self._is_latest('k')})"
        )

    def add(self) -> str:
        """Every row whose key and moment nobody used yet."""
        names = ", ".join(self._names(self.table.names))
        return (
            f"INSERT INTO {self.target} ({names}, provenance) SELECT {names}, %s FROM {self.staged} s WHERE 1 = 1 "  # noqa: S608 - names of ours
            "ON CONFLICT DO NOTHING"
        )

    def correct(self) -> str:
        """What nobody said yet in these words, as known from now on."""
        said = self._names(it for it in self.table.names if it != "recorded_at")
        return (
            f"INSERT INTO {self.target} ({', '.join(said)}, recorded_at, provenance) "  # noqa: S608 - names of ours
            f"SELECT {', '.join(f's.{it}' for it in said)}, "
            "CASE WHEN l.recorded_at < %s THEN %s ELSE l.recorded_at + 1 END, %s "
            f"FROM {self.staged} s JOIN {self.target} l ON {self._key('l', 's')} "
            f"WHERE {self._is_latest('l')} AND NOT EXISTS "
            f"(SELECT 1 FROM {self.target} k WHERE {self._key('k', 's')} AND {self._says_the_same}) "
            f"AND (l.provenance = %s OR NOT ({self._takes_back})) ON CONFLICT DO NOTHING"
        )

    def _key(self, one: str, other: str) -> str:
        return " AND ".join(f"{one}.{it} = {other}.{it}" for it in self._names(self.table.key))

    @property
    def _says_the_same(self) -> str:
        content = self._names(it.name for it in self.table.columns if it.name not in self.table.key)
        return " AND ".join(f"k.{it} IS NOT DISTINCT FROM s.{it}" for it in content) or "1 = 1"

    @property
    def _takes_back(self) -> str:
        ends = self._names(it.name for it in self.table.columns if it.ends)
        return " OR ".join(f"(l.{it} IS NOT NULL AND s.{it} IS NULL)" for it in ends) or "1 = 0"

    def _is_latest(self, one: str) -> str:
        later = f"{self._key('later', one)} AND later.recorded_at > {one}.recorded_at"
        return f"NOT EXISTS (SELECT 1 FROM {self.target} later WHERE {later})"  # noqa: S608 - names of ours

    @staticmethod
    def _names(names: Iterable[str]) -> list[str]:
        return [connection.ops.quote_name(it) for it in names]
