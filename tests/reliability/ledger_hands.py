"""Five hundred equal tellings of one payment, from fifty hands at once: one effect."""

from __future__ import annotations

import threading
from collections import Counter

from tests.people import TODAY, loan, schedule, someone, together
from tests.reliability.ledger_sim import NOW

HANDS = 50


def hands(tellings: int) -> dict[str, object]:
    """So many tellings by fifty threads that begin together. A database that is busy is asked again, as a client would."""
    from tests.recording import recorded
    from tideover.book.models import FACTS
    from tideover.repayment.ledger.models import Entry, Posting

    recorded(together(someone("many"), loan("many"), schedule("many", [TODAY, TODAY + 30])))
    said = _told_by_all(tellings)
    entries = Entry.objects.filter(loan__loan_id="many-loan-1", kind="booked")
    payments = FACTS["payments"].objects.filter(payment_id="many-p1").count()
    cash = sum(
        Posting.objects.filter(entry__in=entries, account="cash:card").values_list("amount", flat=True)
    )
    figures = {"tellings": sum(said.values()) - said["busy"], "new": said["new"], "busy": said["busy"],
               "entries": entries.count(), "payments": payments, "cash": cash}  # fmt: skip
    return {**figures, "passed": (said["new"], figures["entries"], payments, cash) == (1, 1, 1, 2_500)}


def _told_by_all(tellings: int) -> Counter[str]:
    begin, said = threading.Barrier(HANDS), Counter[str]()

    def one() -> None:
        from django.db import connection

        begin.wait()
        for _ in range(tellings // HANDS):
            said.update(_told())
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(HANDS)]
    for it in threads:
        it.start()
    for it in threads:
        it.join()
    return said


def _told() -> list[str]:
    from django.db import OperationalError

    from tideover.kit.money import Money
    from tideover.repayment import ledger

    about = {"payment_id": "many-p1", "loan_id": "many-loan-1", "amount": Money(2_500, "GBP"), "way": "card"}
    busy: list[str] = []
    while True:
        try:
            return [*busy, "new" if ledger.book(**about, paid_at=NOW, at=NOW).is_new else "again"]
        except OperationalError:
            busy.append("busy")
