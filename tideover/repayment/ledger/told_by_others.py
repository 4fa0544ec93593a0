"""Payments that another system tells pay their instalments here, once each, as soon as they are told.

What instalments say was paid may have such a payment in it already. It does as far as that rose, since she paid, by
money that no payment explains; the rest is poured on top. So the order of telling does not matter, and no payment
counts twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import transaction

from tideover.book.actions import Row, record
from tideover.book.models import Fact
from tideover.book.queries import chunks
from tideover.repayment.ledger.journal import Journal
from tideover.repayment.ledger.loading import Shelf, locked_loans, locked_payments, shelves
from tideover.repayment.ledger.models import LedgerPayment, Told
from tideover.repayment.ledger.opening import open_shelves, payments_of, unheard
from tideover.repayment.ledger.refusals import PaysAnotherLoan, ToldDifferently
from tideover.repayment.ledger.standing import Said, counted_in
from tideover.repayment.ledger.writing import SOURCE, write_facts


@transaction.atomic
def record_payments(rows: Sequence[Row], *, source: str, at: datetime) -> list[Fact]:
    """Keep payments as another system tells them, and let each pay what it pays. What was new.

    Raises ToldDifferently, PaysAnotherLoan: money that was booked is corrected by telling that it was reversed.
    """
    locked_payments(str(it["payment_id"]) for it in rows if _is_money(it.get("amount")))
    _refuse_what_differs(rows)
    on, journal = shelves(locked_loans({str(it["loan_id"]) for it in rows}, {}).values()), Journal()
    # The schedule as it was told until now: a payment that comes later is not taken for one that it knows.
    open_shelves(on, journal, at=at)
    added = record("payments", rows, source=source, at=at)
    hear_payments(on, journal)
    journal.write()
    write_facts([it for it in on.values() if it.is_changed], at=at)
    return added


def _refuse_what_differs(rows: Sequence[Row]) -> None:
    by_key = {str(it["payment_id"]): it for it in rows}
    known = LedgerPayment.objects.filter(payment_id__in=by_key, loan__isnull=False)
    numbers = dict(known.values_list("pk", "payment_id"))
    elsewhere = [
        key
        for key, loan in known.values_list("payment_id", "loan__loan_id")
        if loan != by_key[key].get("loan_id")
    ]
    if elsewhere:
        raise PaysAnotherLoan(
            f"{elsewhere[0]} pays another loan here. Tell it for that loan with reversed_at, and for this one under a new key."
        )
    booked = Told.objects.filter(payment_id__in=numbers, kind="booked").values_list("payment_id", "amount")
    for number, amount in booked:
        row = by_key[numbers[number]]
        if _is_money(row.get("amount")) and row["amount"] != amount:
            raise ToldDifferently(
                f"{numbers[number]} was told with another amount. Tell that one again with reversed_at, and the right one under "
                "a new key."
            )


def _is_money(amount: object) -> bool:
    return isinstance(amount, int) and amount > 0


def hear_payments(on: Mapping[int, Shelf], journal: Journal) -> None:
    """Post what the book knows of the payments of these open loans and nobody has told the ledger."""
    facts = payments_of([it for it in on.values() if it.terms is not None])
    _number(on.values(), facts)
    for shelf in on.values():
        told = unheard(shelf, facts.get(shelf.loan.loan_id, ()))
        room = _room(shelf) if told else _Room([])
        for it in sorted(told, key=lambda it: it.happened_at):
            if it.kind == "booked":
                it.detail = _within(room.take(it.happened_at, it.amount))
            journal.told.append(it)
            journal.post(shelf, it)


def _number(shelves: Iterable[Shelf], facts: Mapping[str, Sequence[Any]]) -> None:
    """Give every payment that the ledger does not know yet its number, as a payment of its loan."""
    new = {
        it.payment_id: shelf
        for shelf in shelves
        for it in facts.get(shelf.loan.loan_id, ())
        if _is_money(it.amount) and it.payment_id not in shelf.payments.values()
    }
    for chunk in chunks(new):
        rows = [LedgerPayment(payment_id=str(it), loan=new[str(it)].loan) for it in chunk]
        LedgerPayment.objects.bulk_create(rows, ignore_conflicts=True)
        found = list(LedgerPayment.objects.filter(payment_id__in=chunk))
        homeless = [it for it in found if it.loan_id is None]
        for it in homeless:
            it.loan = new[it.payment_id].loan
        LedgerPayment.objects.bulk_update(homeless, ["loan"])
        for it in found:
            if it.loan_id == new[it.payment_id].loan.pk:
                new[it.payment_id].payments[it.pk] = it.payment_id


def _within(part: int) -> dict[str, int]:
    return {"within": part} if part else {}


@dataclass
class _Room:
    """What was told as paid, when, and the payments known to be in it."""

    rises: list[tuple[datetime, int]]
    used: list[tuple[datetime, int]] = field(default_factory=list)

    def take(self, paid_at: datetime, amount: int) -> int:
        """How much of a payment is in what was told. Over no stretch of time do payments explain more than was told."""
        starts = {paid_at, *(at for at, _ in self.used if at <= paid_at)}
        part = max(min(amount, *(self._left(it) for it in starts)), 0)
        self.used.append((paid_at, part))
        return part

    def _left(self, since: datetime) -> int:
        return sum(it for at, it in self.rises if at >= since) - sum(
            it for at, it in self.used if at >= since
        )


def _room(shelf: Shelf) -> _Room:
    openings = [it for it in shelf.said if it.kind == "opened"]
    first = min(openings, key=lambda it: it.at)
    before = list(_before(shelf, first.at))
    # What the opening has besides is of its own moment: two tellings within one second are dated apart.
    besides = sum(int(it["paid"]) for it in first.detail["steps"]) - sum(rise for _, rise in before)
    room = _Room([*before, (first.at, besides), *_since(shelf, sorted(openings, key=lambda it: it.at))])
    counted = {int(it): int(part) for it, part in first.detail["counted"].items()}
    within = counted | counted_in(shelf.said, {"counted": counted})
    known = (it for it in shelf.standing.payments.values() if it.payment in within)
    for it in sorted(known, key=lambda it: it.paid_at):
        room.take(it.paid_at, within[it.payment])
    return room


def _before(shelf: Shelf, opened_at: datetime) -> Iterator[tuple[datetime, int]]:
    """What was told as paid before the ledger was opened: by how much that rose, telling by telling."""
    paid: dict[int, int] = {}
    for it in shelf.versions:
        if it.provenance != SOURCE and it.recorded_at <= opened_at:
            yield it.recorded_at, (it.paid or 0) - paid.get(it.number, 0)
            paid[it.number] = it.paid or 0


def _since(shelf: Shelf, openings: Sequence[Said]) -> Iterator[tuple[datetime, int]]:
    """By how much what no payment explains rose each time the schedule was told anew."""
    within = counted_in(shelf.said, {"counted": {}})
    for last, it in pairwise(openings):
        found_since = (int(no) for no in it.detail["counted"] if no not in last.detail["counted"])
        explained = sum(within.get(no, 0) for no in found_since)
        yield _told_at(shelf, it.at), _unexplained(it) - _unexplained(last) + explained


def _told_at(shelf: Shelf, opened_at: datetime) -> datetime:
    """When the schedule was told that this opening took up, perhaps much later."""
    told = (
        it.recorded_at for it in shelf.versions if it.provenance != SOURCE and it.recorded_at <= opened_at
    )
    return max(told, default=opened_at)


def _unexplained(opened: Said) -> int:
    paid: Iterable[int] = (int(it["paid"]) for it in opened.detail["steps"])
    return sum(paid) - sum(int(it) for it in opened.detail["counted"].values())
