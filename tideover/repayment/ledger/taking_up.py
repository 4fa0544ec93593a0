"""Schedules that another system told anew are taken up before anything is decided by them.

Otherwise a snapshot that was taken before a payment came would ask somebody to pay who has paid.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from tideover.book.models import FACTS
from tideover.book.queries import chunks
from tideover.repayment.ledger.journal import Journal
from tideover.repayment.ledger.loading import locked_loans, shelves
from tideover.repayment.ledger.models import LedgerLoan
from tideover.repayment.ledger.opening import open_shelves
from tideover.repayment.ledger.writing import SOURCE, write_facts
from tideover.strategy.models import Watermark

MARK = "ledger_instalments"
LATE = 1_000
"""Numbers below the last one that are looked for again: a row that was numbered early may be committed late."""


def take_up(*, at: datetime) -> int:
    """Open anew every loan of the ledger whose schedule was told by somebody else since the last look. How many."""
    rows = FACTS["instalments"].objects
    last = rows.aggregate(last=Max("id"))["last"] or 0
    mark, _ = Watermark.objects.get_or_create(table=MARK)
    if last == mark.last_id:
        return 0
    new = rows.filter(
        id__gt=mark.last_id - LATE, id__lte=last, loan_id__in=LedgerLoan.objects.values("loan_id")
    )
    told = new.exclude(provenance=SOURCE).values_list("loan_id", flat=True).distinct()
    taken = sum(_opened_anew([str(it) for it in chunk], at) for chunk in chunks(told))
    Watermark.objects.filter(table=MARK).update(last_id=last)
    return taken


@transaction.atomic
def _opened_anew(names: list[str], at: datetime) -> int:
    on, journal = shelves(locked_loans(names, {}).values()), Journal()
    open_shelves(on, journal, at=at)
    journal.write()
    changed = [it for it in on.values() if it.is_changed]
    write_facts(changed, at=at)
    return len(changed)
