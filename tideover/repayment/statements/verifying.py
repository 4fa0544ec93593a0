"""Every unit that came in is with a loan, waits, or went back; and the ledger says the same."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q, Sum

from tideover.repayment.ledger.models import Posting
from tideover.repayment.ledger.telling import UNMATCHED
from tideover.repayment.statements.models import COUNTS_NOT, StatementLine

Sums = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Verified:
    """By currency, in minor units: received, matched, waiting and gone back by our lines; suspense by the ledger."""

    sums: Sums

    @property
    def holds(self) -> bool:
        """Nothing that came in is lost, and what waits is what the ledger keeps for whoever it belongs to."""
        return all(
            it["received"] == it["matched"] + it["waiting"] + it["gone_back"] + it["not_taken"]
            and it["waiting"] == it["suspense"]
            for it in self.sums.values()
        )

    @property
    def said(self) -> str:
        """One line a currency."""
        return "; ".join(f"{currency}: {it}" for currency, it in sorted(self.sums.items()))


def verify_statements() -> Verified:
    """Add up what came in, and what became of it."""
    came = StatementLine.objects.filter(amount__gt=0).exclude(state__in=(*COUNTS_NOT, "read"))
    sums: defaultdict[str, dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(("received", "matched", "waiting", "gone_back", "not_taken", "suspense"), 0)
    )
    booked = ~Q(payment_id="")
    for name, which in (
        ("received", Q()), ("matched", Q(state="matched")), ("waiting", booked & Q(state__in=("waiting", "kept"))),
        ("gone_back", Q(state__in=("sent_back", "returned"))), ("not_taken", Q(payment_id="") & ~Q(state__in=("sent_back", "returned"))),
    ):  # fmt: skip
        for currency, total in came.filter(which).values_list("currency").annotate(Sum("amount")).order_by():
            sums[currency][name] = total
    ours = Posting.objects.filter(account="suspense", loan__loan_id__startswith=UNMATCHED)
    for currency, total in ours.values_list("entry__currency").annotate(Sum("amount")).order_by():
        sums[currency]["suspense"] = -total
    return Verified(dict(sums))
