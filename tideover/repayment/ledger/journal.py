"""What a telling changes, as an entry whose postings add up to nothing. Balances are never written, only posted to."""

from __future__ import annotations

from dataclasses import dataclass, field

from tideover.repayment.ledger.loading import Shelf
from tideover.repayment.ledger.models import Entry, Posting, Told

BATCH = 500


class DoesNotBalance(AssertionError):
    """Postings that do not add up to nothing would be kept: a mistake of ours, and the whole transaction goes."""


@dataclass
class Journal:
    """Entries of one transaction, written together at its end."""

    told: list[Told] = field(default_factory=list)
    entries: list[tuple[Entry, dict[str, int]]] = field(default_factory=list)

    def post(self, shelf: Shelf, told: Told) -> None:
        """Add what was told, and post the way from where the journal stands to where everything told leads."""
        shelf.add(told)
        wanted = shelf.standing.balances
        change = {it: wanted.get(it, 0) - shelf.balances[it] for it in sorted({*wanted, *shelf.balances})}
        change = {it: amount for it, amount in change.items() if amount}
        if sum(change.values()):
            raise DoesNotBalance(
                f"{told.kind} would leave {sum(change.values())} over in loan {shelf.loan.pk}."
            )
        if change:
            entry = Entry(
                told=told, loan=shelf.loan, kind=told.kind, currency=shelf.loan.currency, at=told.at
            )
            self.entries.append((entry, change))
            shelf.balances.update(change)

    def write(self) -> None:
        """Keep it all. What was told first has the lower number."""
        Told.objects.bulk_create(self.told, batch_size=BATCH)
        for entry, _ in self.entries:
            entry.told_id = entry.told.pk
        Entry.objects.bulk_create([entry for entry, _ in self.entries], batch_size=BATCH)
        postings = [
            Posting(entry=entry, loan=entry.loan, account=it, amount=amount)
            for entry, change in self.entries
            for it, amount in change.items()
        ]
        Posting.objects.bulk_create(postings, batch_size=BATCH)
