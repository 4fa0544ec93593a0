"""What a telling changes, as an entry whose postings add up to nothing. Balances are never written, only posted to."""

from __future__ import annotations

from tideover.repayment.ledger.loading import Shelf
from tideover.repayment.ledger.models import Entry, Posting, Told


class DoesNotBalance(AssertionError):
    """Postings that do not add up to nothing would be kept: a mistake of ours, and the whole transaction goes."""


def posted(shelf: Shelf, told: Told) -> None:
    """Add what was told, and post the way from where the journal stands to where everything told leads."""
    shelf.add(told)
    wanted = shelf.standing.balances
    change = {it: wanted.get(it, 0) - shelf.balances[it] for it in sorted({*wanted, *shelf.balances})}
    change = {it: amount for it, amount in change.items() if amount}
    if sum(change.values()):
        raise DoesNotBalance(f"{told.kind} would leave {sum(change.values())} over in loan {shelf.loan.pk}.")
    if not change:
        return
    entry = Entry.objects.create(
        told=told, loan=shelf.loan, kind=told.kind, currency=shelf.loan.currency, at=told.at
    )
    Posting.objects.bulk_create(
        Posting(entry=entry, loan=shelf.loan, account=it, amount=amount) for it, amount in change.items()
    )
    shelf.balances.update(change)
