"""A file of a bank is taken in: read, each line kept once, matched, booked, and told what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from tideover.access.actors import SYSTEM, Actor
from tideover.access.audit import note
from tideover.kit.errors import Refused
from tideover.repayment.statements.booking import see_to, take_out
from tideover.repayment.statements.keeping import Tally, begun, keep
from tideover.repayment.statements.models import StatementFile, StatementLine
from tideover.repayment.statements.reading import Columns
from tideover.repayment.statements.settling import settle
from tideover.repayment.statements.signs import fill
from tideover.strategy.leases import freed, leased

LEASE, LASTS = "statements", timedelta(hours=2)


class SomebodyReads(Refused):
    """Another file is being read; two that overlap must not be read at once."""


def take_statement(
    path: Path, *, at: datetime, by: Actor = SYSTEM, columns: Columns | None = None, currency: str = "",
    progress: Callable[[int], None] = lambda _: None,
) -> StatementFile:  # fmt: skip
    """Read one file. The same file again changes nothing. Raises SomebodyReads, Unreadable, Forbidden."""
    holder = f"{by.kind}:{by.id}:{path.name}"[:200]
    if not leased(LEASE, by=holder, at=at, lasts=LASTS):
        raise SomebodyReads("Another statement is being read. Try again when it is done.")
    try:
        return _taken(path, at, by, columns, currency, progress)
    finally:
        freed(LEASE, by=holder)


def _taken(
    path: Path,
    at: datetime,
    by: Actor,
    columns: Columns | None,
    currency: str,
    progress: Callable[[int], None],
) -> StatementFile:
    file, is_known = begun(path, by=f"{by.kind}:{by.id}", at=at)
    if is_known:
        return file
    try:
        tally = keep(path, file, columns=columns, currency=currency, progress=progress)
    except Refused:
        if not StatementLine.objects.filter(file=file).exists():
            file.sheets.all().delete()
            file.delete()
        raise
    finish(file, tally, at=at, by=by)
    return file


def finish(file: StatementFile, tally: Tally, *, at: datetime, by: Actor) -> None:
    """The whole file is kept: join, match, book, count."""
    with transaction.atomic():
        take_out(settle(file, tally, at=at), at=at)
    fill()
    came = see_to(file, at=at)
    with transaction.atomic():
        file.counts, file.doubts, file.is_done = dict(tally.counts + came), tally.doubts, True
        file.save()
        told = {name.replace(":", "."): number for name, number in sorted((tally.counts + came).items())}
        note(action="statement_read", by=by, at=at, about=f"statement:{file.pk}", detail=told)


def summary(file: StatementFile) -> str:
    """One line for whoever ran the command."""
    counts = Counter(file.counts)
    matched = sum(number for name, number in counts.items() if name.startswith("matched"))
    waiting = sum(number for name, number in counts.items() if name.startswith("waiting"))
    return (
        f"{counts['lines']:,} lines: {counts['known']:,} known already, {counts['joined']:,} known under another number "
        f"or day, {matched:,} matched, {waiting:,} wait for a person, {counts['out']:,} went out, "
        f"{counts['aside']:,} set aside"
    )
