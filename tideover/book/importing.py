"""A book of files into the database: in bulk, and the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import polars as pl
from django.db import connection, transaction
from django.db.models import Max, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from tideover.book.found_out import as_found
from tideover.book.left_out import WhoIsOut, left_out
from tideover.book.models import FACTS, Import, Person, fact_table
from tideover.book.models.facts import CODE_LENGTH, KEY_LENGTH
from tideover.book.new_rows import add_new
from tideover.book.said_here import not_undoing
from tideover.engine.facts import TABLES, Book, Table

BATCH = 20_000
Progress = Callable[[str, int, int], None]


ERASED = "erased"
"""Why a row was set aside: it leads to somebody who was erased here."""


TOLD_DIFFERENTLY = "told_differently"
"""Why a row was set aside: it says otherwise than what became known since, and nothing that was not said before."""


def nobody_is_out(_: Iterable[str]) -> set[str]:
    """For a database from which nobody can have been erased."""
    return set()


def import_book(
    book: Book,
    *,
    source: str,
    at: datetime,
    who_is_out: WhoIsOut = nobody_is_out,
    progress: Progress = lambda *_: None,
) -> Import:
    """Add every row of a book that the database does not have yet, each with the moment at which it became known.

    A row that says what the latest version of its key says already adds nothing; one that was corrected is added, though
    its moment be that of the earlier version. One transaction a table: an import that stops halfway is finished by running
    it again. Rows that lead to people who are out are counted and not kept.
    `facts_version` moves of everybody whom a new row is about, as with `record`; while the database knows nobody yet,
    nothing can be on its way to anybody.
    """
    added, seen, outside = {}, {}, left_out(book, who_is_out)
    knows_people = Person.objects.exists()
    refused = {name: dict(it.set_aside) for name, it in book.quality.tables.items() if it.set_aside}
    for number, name in enumerate(book.shelf.names, 1):
        progress(name, number, len(book.shelf.names))
        rows = book.frame(name).to_native().collect().select(TABLES[name].names)
        seen[name] = rows.height
        rows = outside.without(rows)
        if rows.height < seen[name]:
            refused.setdefault(name, {})[ERASED] = seen[name] - rows.height
        told, rows = rows, not_undoing(name, as_found(rows) if name == "contact_points" else rows, at=at)
        with transaction.atomic():
            last = FACTS[name].objects.aggregate(last=Max("id"))["last"] or 0
            done = add_new(TABLES[name], rows, source=source[:CODE_LENGTH], at=at, since=last)
            added[name] = done.new
            otherwise = told.height - rows.height + done.told_differently
            if otherwise:
                refused.setdefault(name, {})[TOLD_DIFFERENTLY] = otherwise
            if done.new and knows_people:
                _touch(TABLES[name], since=last)
            if name == "borrowers":
                _people(rows, since=last)
    return Import.objects.create(
        source=source[:KEY_LENGTH],
        content_hash=book.stamp.source[:64],
        at=at,
        added=added,
        seen=seen,
        set_aside=refused,
        assumes=list(book.assumes),
    )


def _touch(table: Table, *, since: int) -> None:
    """Move `facts_version` of everybody whom rows after this number are about, themselves or by a loan, in one statement."""
    target = fact_table(table.name)
    people = [f"SELECT {table.person} FROM {target} WHERE id > %s"] if table.person else []  # noqa: S608 - names of ours
    if "loan_id" in table.names:
        people += [
            f"SELECT k.{who} FROM {fact_table(of)} k JOIN {target} n ON n.loan_id = k.loan_id WHERE n.id > %s"  # noqa: S608 - names of ours
            for of, who in (("loans", "borrower_id"), ("parties", "person_id"))
        ]
    if people:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {Person._meta.db_table} SET facts_version = facts_version + 1 "  # noqa: S608 - names of ours
                f"WHERE person_id IN ({' UNION '.join(people)})",
                [since] * len(people),
            )


def _people(borrowers: pl.DataFrame, *, since: int) -> None:
    """Everybody has a row, and the branch that was told last of her, be it by another source."""
    for chunk in borrowers.select("borrower_id").unique().iter_slices(BATCH):
        made = [Person(person_id=name) for (name,) in chunk.iter_rows()]
        Person.objects.bulk_create(made, ignore_conflicts=True)
    told = FACTS["borrowers"].objects
    last = told.filter(borrower_id=OuterRef("person_id")).order_by("-recorded_at", "-id").values("branch")[:1]
    new = told.filter(id__gt=since).values("borrower_id")
    Person.objects.filter(person_id__in=new).update(branch=Coalesce(Subquery(last), Value("")))
