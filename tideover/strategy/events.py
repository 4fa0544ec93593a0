"""Which people an event touched: read off the new rows of the book, so that nobody has to be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, models, transaction

from tideover.book.models import FACTS
from tideover.book.queries import people_of_loans
from tideover.engine.facts import TABLES
from tideover.strategy.models import Changed, Run, Watermark

EVENTS = (
    "payments", "milestones", "promises", "plans", "holds", "complaints", "lateness_reasons", "conversations", "consents", "preferences"
)  # fmt: skip
"""Facts after which a person is looked at again within the minute; all others wait for the night."""

ROWS = 5_000
LATE = 1_000
"""Numbers below the last one that are looked for again: a row that was numbered early may be committed late."""

AHEAD = timedelta(hours=2)
"""No turn takes longer, its night included: what is known only later still was told by a clock that is wrong."""


@transaction.atomic
def note_changes(*, at: datetime) -> int:
    """Put everybody in line whom the rows recorded since the last look are about. How many rows were new."""
    seen, marks = 0, _marks()
    numbers = _numbers(marks)
    for table, mark in marks.items():
        known = set(mark.recent)
        fresh = sorted(it for it in numbers[table] if it not in known)[:ROWS]
        rows = list(FACTS[table].objects.filter(id__in=fresh).order_by("id")) if fresh else []
        if rows:
            _line_up(table, [it for it in rows if _known_at(it) <= at], at)
            _line_up(table, [it for it in rows if _known_at(it) > at], at)
            mark.last_id = max(mark.last_id, rows[-1].pk)
            mark.recent = sorted(it for it in known.union(fresh) if it > mark.last_id - LATE)
            mark.save(update_fields=["last_id", "recent"])
        seen += len(rows)
    return seen


def _marks() -> dict[str, Watermark]:
    """How far each table was read, locked: by everybody in the same order."""
    marks = Watermark.objects.select_for_update()
    found = {it.table: it for it in marks.filter(table__in=EVENTS).order_by("table")}
    return {it: found.get(it) or marks.get_or_create(table=it)[0] for it in sorted(EVENTS)}


def _numbers(marks: Mapping[str, Watermark]) -> dict[str, list[int]]:
    """The numbers from a little below each mark on, of every table in one question: a worker asks it all the time."""
    each = [
        f"SELECT * FROM (SELECT {place} AS place, id FROM {FACTS[table]._meta.db_table} "  # noqa: S608 - names of ours
        f"WHERE id > %s ORDER BY id LIMIT {ROWS + LATE}) AS of_{place}"
        for place, table in enumerate(marks)
    ]
    numbers: dict[str, list[int]] = {table: [] for table in marks}
    tables = list(marks)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each), [it.last_id - LATE for it in marks.values()])
        for place, number in cursor.fetchall():
            numbers[tables[place]].append(number)
    return numbers


@transaction.atomic
def begin_here(*, at: datetime) -> None:
    """What the book knew at the night's moment is left to the nightly run."""
    for table in _marks():
        rows = FACTS[table].objects.filter(recorded_at__lte=int(at.timestamp()))
        last = rows.aggregate(last=models.Max("id"))["last"] or 0
        known = rows.filter(id__gt=last - LATE, id__lte=last).order_by("id")
        recent = list(known.values_list("id", flat=True))
        Watermark.objects.update_or_create(table=table, defaults={"last_id": last, "recent": recent})


def _line_up(table: str, rows: list[models.Model], at: datetime) -> None:
    """Their people are looked at as soon as a decision can know all of it: one is made as of its turn's beginning."""
    person = TABLES[table].person
    people = {str(getattr(row, person)) for row in rows} if person else set()
    loans = {row.loan_id for row in rows if "loan_id" in TABLES[table].names and row.loan_id}  # type: ignore[attr-defined]
    people |= people_of_loans(loans) if loans else set()
    known_at = min(max([at, *map(_known_at, rows)]), at + AHEAD)
    waiting = dict(Changed.objects.filter(pk__in=people).values_list("person_id", "at"))
    Changed.objects.bulk_create(
        [Changed(person_id=it, why=table, at=max(known_at, waiting.get(it, at))) for it in sorted(people)],
        update_conflicts=True,
        unique_fields=["person_id"],
        update_fields=["why", "at", "noted"],
    )


@contextmanager
def left_to_the_night(*, at: datetime) -> Iterator[None]:
    """What is known already, the night decides; where it fails, events are noted from where they were before.

    While no night ever went through, the whole book waits for the next try, and not for events.
    """
    before = list(Watermark.objects.filter(table__in=EVENTS))
    begin_here(at=at)
    try:
        yield
    except Exception:
        if Run.nights.exists():
            _go_back_to(before)
        raise


@transaction.atomic
def _go_back_to(marks: list[Watermark]) -> None:
    Watermark.objects.filter(table__in=EVENTS).delete()
    Watermark.objects.bulk_create(marks)


def _known_at(row: models.Model) -> datetime:
    moment: datetime = row.recorded_at  # type: ignore[attr-defined]
    return moment
