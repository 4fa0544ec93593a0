"""Several payments that a bank booked in one sum: where one file has the sum and another the payments, the payments count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from tideover.repayment.statements.models import COUNTS_NOT, LineKey, StatementFile, StatementLine
from tideover.repayment.statements.nearness import Lines, moved


def tell_apart(file: StatementFile, account: str, at: datetime) -> Lines:
    """A sum of several payments and the payments themselves are one booking: the payments stay."""
    of_file = StatementLine.objects.filter(file=file, account=account).exclude(state__in=COUNTS_NOT)
    taken: Lines = []
    for parts in _bookings(of_file.filter(parts__gt=1)):
        wholes = _others(file, account, parts[0].entry, parts__lte=1)
        taken += [moved(it, "told_apart", at) for it in _sums_of(parts, wholes)]
    known = (
        StatementLine.objects.filter(account=account, parts__gt=1)
        .exclude(file=file)
        .exclude(state__in=COUNTS_NOT)
    )
    entries = set(known.values_list("entry", flat=True).distinct())
    sums = [it for it in of_file.filter(parts__lte=1, state="read") if it.entry in entries] if entries else []
    for parts in _bookings(known.filter(entry__in={it.entry for it in sums})) if sums else ():
        for it in _sums_of(parts, [one for one in sums if one.pk and one.entry == parts[0].entry]):
            LineKey.objects.filter(line=it).update(line=parts[0])
            StatementLine.objects.filter(pk=parts[0].pk).update(seen_in=file.pk)
            it.delete()  # which takes its key from the list as well
    _seen_as_a_sum(file, account)
    return taken


def _bookings(parts: QuerySet[StatementLine]) -> list[Lines]:
    """Payments by the booking they are parts of; those of bookings without a number may be of several."""
    found: defaultdict[tuple[str, str], Lines] = defaultdict(list)
    for it in parts.order_by("pk"):
        found[it.entry, it.entry_ref].append(it)
    # Bookings that carry a number choose their sums first.
    return [found[key] for key in sorted(found, key=lambda it: (it[0], not it[1], it[1]))]


def _sums_of(parts: Lines, wholes: Iterable[StatementLine]) -> Lines:
    """The sums that these payments tell apart: the ones of their own number before those of none."""
    fitting = [it for it in wholes if _is_sum_of(it, parts[0])]
    fitting.sort(key=lambda it: it.entry_ref != parts[0].entry_ref)
    return fitting[: max(len(parts) // parts[0].parts, 1)]


def _seen_as_a_sum(file: StatementFile, account: str) -> None:
    """A file that has the sum has all of its payments."""
    had = StatementLine.objects.filter(account=account, seen_in=file.pk)
    sums = had.filter(Q(state="told_apart") | Q(parts__gt=1)).values("entry")
    parts = StatementLine.objects.filter(account=account, parts__gt=1, entry__in=sums)
    parts.exclude(seen_in=file.pk).update(seen_in=file.pk)


def _others(file: StatementFile, account: str, entry: str, **about: int) -> QuerySet[StatementLine]:
    rows = StatementLine.objects.filter(account=account, entry=entry, **about).exclude(file=file)
    return rows.exclude(state__in=COUNTS_NOT).order_by("pk")


def _is_sum_of(whole: StatementLine, part: StatementLine) -> bool:
    if whole.entry_ref and part.entry_ref:
        return whole.entry_ref == part.entry_ref
    return whole.parts == 0 or not (whole.end_to_end or whole.payer)
