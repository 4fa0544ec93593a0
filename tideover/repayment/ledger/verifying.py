"""Does the ledger hold? Every entry adds up, every balance is the replay of what was told, the book says the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import F, Sum

from tideover.book.models import FACTS
from tideover.book.queries import chunks
from tideover.repayment.ledger.loading import Shelf, shelves
from tideover.repayment.ledger.models import Entry, LedgerLoan, Posting
from tideover.repayment.ledger.opening import fingerprint, payments_of, rows_of
from tideover.repayment.ledger.pouring import PARTS
from tideover.repayment.ledger.writing import SOURCE, payment_row

KEPT_IN = LedgerLoan._meta.db_table
FAULTS = ("entries_that_leave_something_over", "postings_astray", "balances_that_are_no_replay", "facts_that_differ",
          "paid_beyond_due")  # fmt: skip
OTHERWISE = "told_otherwise"
"""No fault: an amount that another system tells of a payment that is booked with another. What is booked counts."""
SHOWN = 20
"""So many places are named; the counts are of all."""


@dataclass
class Verified:
    """What was looked at, what does not hold, and where."""

    counts: dict[str, int]
    where: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not any(self.counts[it] for it in FAULTS)

    def found(self, what: str, where: str) -> None:
        """One place where it does not hold, or that somebody should know of."""
        self.counts[what] += 1
        if len(self.where) < SHOWN:
            self.where.append(f"{what.replace('_', ' ')}: {where}")


def verify_accounts() -> Verified:
    """Walk every entry and every loan that the ledger keeps. Each loan is compared as it stands now."""
    counts = {
        "entries": Entry.objects.count(), "loans_kept": LedgerLoan.objects.count(), "told_anew": 0, OTHERWISE: 0,
    }  # fmt: skip
    verified = Verified(counts | dict.fromkeys(FAULTS, 0))
    _entries(verified)
    for chunk in chunks(LedgerLoan.objects.values_list("pk", flat=True)):
        on = shelves(LedgerLoan.objects.filter(pk__in=[str(it) for it in chunk]))
        named = [it for it in on.values() if it.terms is not None]
        facts, elsewhere = payments_of(named), _told_elsewhere(named)
        for it in on.values():
            _loan(it, verified)
            for says in _otherwise(it, elsewhere):
                verified.found(OTHERWISE, says)
            for says in _payments(it, {row.payment_id: row for row in facts.get(it.loan.loan_id, ())}):
                verified.found("facts_that_differ", says)
    return verified


def _entries(verified: Verified) -> None:
    over = Entry.objects.annotate(over=Sum("postings__amount")).exclude(over=0)
    for number, left in over.values_list("pk", "over"):
        verified.found("entries_that_leave_something_over", f"entry {number} leaves {left}")
    astray = Posting.objects.exclude(loan=F("entry__loan"))
    other = Entry.objects.exclude(currency=F("loan__currency"))
    for number in (*astray.values_list("entry", flat=True), *other.values_list("pk", flat=True)):
        verified.found("postings_astray", f"entry {number}")


def _loan(shelf: Shelf, verified: Verified) -> None:
    name, stands = shelf.loan.loan_id, shelf.standing
    kept = {account: amount for account, amount in shelf.balances.items() if amount}
    if kept != stands.balances:
        wrong = sorted(it for it in {*kept, *stands.balances} if kept.get(it) != stands.balances.get(it))
        verified.found("balances_that_are_no_replay", f"loan {name}: {', '.join(wrong)}")
    if any(not 0 <= it.paid[part] <= it.due[part] for it in stands.steps for part in PARTS):
        verified.found("paid_beyond_due", f"loan {name}")
    if shelf.terms is None or shelf.loan.written in ("", fingerprint(rows_of(shelf.schedule))):
        return
    # Somebody else's telling is taken up when money next comes; a row of our own that reads otherwise was meddled with.
    if all(it.provenance == SOURCE for it in shelf.schedule):
        verified.found("facts_that_differ", f"loan {name}: its instalments")
    else:
        verified.counts["told_anew"] += 1


def _payments(shelf: Shelf, facts: dict[str, object]) -> Iterator[str]:
    if shelf.terms is None:
        return
    for number, it in shelf.standing.payments.items():
        row = payment_row(shelf.payments[number], shelf.loan.loan_id, it)
        fact = facts.get(shelf.payments[number])
        if fact is None or (
            getattr(fact, "provenance", "") == SOURCE
            and any(getattr(fact, name) != value for name, value in row.items())
        ):
            yield f"loan {shelf.loan.loan_id}: payment {shelf.payments[number]}"


def _told_elsewhere(shelves: Iterable[Shelf]) -> dict[tuple[str, str], int]:
    """What other systems told last of each payment of these loans: its amount, by loan and payment."""
    rows = (
        FACTS["payments"]
        .objects.filter(loan_id__in=[it.loan.loan_id for it in shelves])
        .exclude(provenance=SOURCE)
    )
    told = rows.order_by("recorded_at", "id").values_list("loan_id", "payment_id", "amount")
    return {(loan, payment): amount for loan, payment, amount in told}


def _otherwise(shelf: Shelf, elsewhere: Mapping[tuple[str, str], int]) -> Iterator[str]:
    name = shelf.loan.loan_id
    for number, it in shelf.standing.payments.items():
        payment = shelf.payments[number]
        told = elsewhere.get((name, payment), it.came)
        if told != it.came:
            yield f"loan {name}: payment {payment} is booked with {it.came}, and told elsewhere as {told}"
