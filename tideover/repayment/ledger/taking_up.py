"""Schedules that another system told anew, and payments it told, are taken up before anything is decided by them.

Otherwise a snapshot that was taken before a payment came would ask somebody to pay who has paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from tideover.book.models import FACTS
from tideover.book.queries import chunks
from tideover.repayment.ledger.journal import Journal
from tideover.repayment.ledger.loading import locked_loans, shelves
from tideover.repayment.ledger.models import LedgerLoan
from tideover.repayment.ledger.opening import open_shelves
from tideover.repayment.ledger.told_by_others import hear_payments
from tideover.repayment.ledger.writing import SOURCE, write_facts
from tideover.strategy.models import Watermark

MARKS = {"instalments": "ledger_instalments", "payments": "ledger_payments"}
LATE = 1_000
"""Numbers below the last one that are looked for again: a row that was numbered early may be committed late."""


def newest_numbers() -> dict[str, int]:
    """The last number of each table that is looked at here."""
    return {table: FACTS[table].objects.aggregate(last=Max("id"))["last"] or 0 for table in MARKS}


def look_again(since: Mapping[str, int]) -> None:
    """See to what was told after these numbers once more: of many rows in one transaction some are passed by while it runs."""
    for table, last in since.items():
        Watermark.objects.filter(table=MARKS[table], last_id__gt=last).update(last_id=last)


def take_up(*, at: datetime) -> int:
    """See to every loan of the ledger of which somebody else told a schedule or a payment since the last look. How many."""
    last = newest_numbers()
    told = {loan for table, newest in last.items() for loan in _told_since(table, newest)}
    taken = sum(_taken_up([str(it) for it in chunk], at) for chunk in chunks(told))
    for table, newest in last.items():
        Watermark.objects.filter(table=MARKS[table]).exclude(last_id=newest).update(last_id=newest)
    return taken


def _told_since(table: str, newest: int) -> list[str]:
    """Loans of the ledger about which somebody else told something in this table since the last look."""
    mark, _ = Watermark.objects.get_or_create(table=MARKS[table])
    if newest == mark.last_id:
        return []
    new = FACTS[table].objects.filter(
        id__gt=mark.last_id - LATE, id__lte=newest, loan_id__in=LedgerLoan.objects.values("loan_id")
    )
    return list(new.exclude(provenance=SOURCE).values_list("loan_id", flat=True).distinct())


@transaction.atomic
def _taken_up(names: list[str], at: datetime) -> int:
    on, journal = shelves(locked_loans(names, {}).values()), Journal()
    open_shelves(on, journal, at=at)
    hear_payments(on, journal)
    journal.write()
    changed = [it for it in on.values() if it.is_changed]
    write_facts(changed, at=at)
    return len(changed)
