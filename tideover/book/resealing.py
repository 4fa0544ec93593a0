"""Everything that is sealed under an older key, sealed again under the newest: then the older one may be taken away.

It runs beside the pages and the workers: a value that changes meanwhile is left to whoever changed it, who seals with the
newest key too. A second run finds nothing to do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models.functions import Cast

from tideover.access.sealing import SEALED, Unreadable, again, again_text
from tideover.book.fields import SealedField

AT_ONCE = 1_000
LARGE = 10
"""Values read together, of which one may have many megabytes."""

KEPT_SEALED = "sealed"
"""The name of a column of bytes that whoever writes it has sealed: papers that people sent."""

SECOND_STEPS = ("secret", "seed")
"""What allauth keeps of a second step, sealed by us without the mark before it."""

Progress = Callable[[str], None]
Kept = TypeVar("Kept", bytes, str)


@dataclass
class Resealed:
    """How many values are under the newest key that were not before, and how many nobody can open, by table and column."""

    values: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)

    def fresh(self, kept: Kept, how: Callable[[Kept], Kept], where: str) -> Kept:
        """The value as it should be kept, counted where it is another one."""
        try:
            made = how(kept)
        except (Unreadable, ValueError, IndexError):  # also what only looks like something sealed
            self.unreadable[where] += 1
            return kept
        self.values += made != kept
        return made


def reseal(*, progress: Progress = lambda _: None) -> Resealed:
    """Seal everything again that an older key sealed."""
    done = Resealed()
    for model in (it for it in apps.get_models() if it.__module__.startswith("tideover.")):
        for column in model._meta.concrete_fields:
            where = f"{model._meta.db_table}.{column.column}"
            if _is_sealed(column):
                progress(where)
                _bytes(model, column, done, where)
            elif isinstance(column, models.JSONField):
                _texts(model, column, done, where)
    _second_steps(done)
    return done


def _is_sealed(column: models.Field[object, object]) -> bool:
    return isinstance(column, SealedField) or (
        isinstance(column, models.BinaryField) and column.name == KEPT_SEALED
    )


def _bytes(
    model: type[models.Model], column: models.Field[object, object], done: Resealed, where: str
) -> None:
    quote = connection.ops.quote_name
    table, name, key = map(quote, (model._meta.db_table, str(column.column), str(model._meta.pk.column)))
    for rows in _pieces(table, name, key, LARGE if column.name == KEPT_SEALED else AT_ONCE):
        made = [(done.fresh(kept, again, where), which, kept) for which, kept in rows]
        changes = [it for it in made if it[0] is not it[2]]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {table} SET {name} = %s WHERE {key} = %s AND {name} = %s", changes)  # noqa: S608 - names of ours


def _pieces(table: str, name: str, key: str, most: int) -> Iterator[list[tuple[int | str, bytes]]]:
    """Every value with its row's key, some thousands at once, each piece read by itself."""
    after: list[int | str] = []
    while True:
        more = f"AND {key} > %s" if after else ""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {key}, {name} FROM {table} WHERE {name} IS NOT NULL {more} ORDER BY {key} LIMIT {most}",  # noqa: S608 - names of ours
                after,
            )
            rows = [(which, bytes(kept)) for which, kept in cursor.fetchall()]
        if not rows:
            return
        yield rows
        after = [rows[-1][0]]


def _texts(
    model: type[models.Model], column: models.Field[object, object], done: Resealed, where: str
) -> None:
    """Sealed texts within JSON, as those of a reply that waits."""
    rows = model._default_manager.annotate(its_text=Cast(column.name, models.TextField()))
    for key in list(rows.filter(its_text__contains=SEALED).values_list("pk", flat=True)):
        with transaction.atomic():
            row = model._default_manager.select_for_update().filter(pk=key).first()
            told = getattr(row, column.name, None)
            if (made := _again(told, done, where)) != told:
                model._default_manager.filter(pk=key).update(**{column.name: made})


def _again(told: object, done: Resealed, where: str) -> object:
    if isinstance(told, dict):
        return {name: _again(it, done, where) for name, it in told.items()}
    if isinstance(told, list):
        return [_again(it, done, where) for it in told]
    return done.fresh(told, again_text, where) if isinstance(told, str) and told.startswith(SEALED) else told


def _second_steps(done: Resealed) -> None:
    for key in list(Authenticator.objects.values_list("pk", flat=True)):
        with transaction.atomic():  # a code that is used meanwhile stays used
            row = Authenticator.objects.select_for_update().filter(pk=key).first()
            kept = row.data if row else {}
            made = {
                name: done.fresh(f"{SEALED}{told}", again_text, "mfa_authenticator.data").removeprefix(SEALED)
                for name, told in kept.items()
                if name in SECOND_STEPS
            }
            if row and made != {name: kept[name] for name in made}:
                row.data = {**kept, **made}
                row.save(update_fields=["data"])
