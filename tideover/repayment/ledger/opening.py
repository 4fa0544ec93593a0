"""A loan's ledger is opened from the book when money first touches it, and opened anew when the book tells the schedule anew.

What instalments say was paid is taken as paid. A payment that was already in it is not poured again: at the first
opening that is every confirmed one; later those, oldest first, that what was retold as paid has room for. So money that
came in here is never lost to a snapshot that was taken before it came.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from tideover.book.models import FACTS
from tideover.book.queries import chunks
from tideover.repayment.ledger.journal import Journal
from tideover.repayment.ledger.loading import Shelf, said
from tideover.repayment.ledger.models import LedgerPayment, Told
from tideover.repayment.ledger.orders import allocation
from tideover.repayment.ledger.standing import Said, Standing, stand

SOURCE = "book"


def fingerprint(rows: Iterable[Mapping[str, object]]) -> str:
    """What a schedule says, in short: to see that somebody told it anew."""
    told = json.dumps([{name: str(value) for name, value in it.items()} for it in rows], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def rows_of(schedule: Iterable[Any]) -> list[dict[str, Any]]:
    """Instalments of the book as plain rows."""
    return [
        {
            "number": it.number, "due_on": it.due_on.isoformat(), "principal": it.principal or 0,
            "interest": it.interest or 0, "fees": it.fees or 0, "paid": it.paid or 0,
            "settled_on": it.settled_on.isoformat() if it.settled_on else None,
        }
        for it in schedule
    ]  # fmt: skip


def open_shelves(on: Mapping[int, Shelf], journal: Journal, *, at: datetime) -> None:
    """Open what was not open, and what was told anew since."""
    stale = [it for it in on.values() if it.terms is not None and _is_stale(it)]
    payments, countries = payments_of(stale), _countries({it.terms.borrower_id for it in stale})
    for it in stale:
        first = not _is_open(it)
        _heard_of(it, payments.get(it.loan.loan_id, ()))
        _opened(it, countries.get(it.terms.borrower_id, ""), journal, at, first=first)


def _is_open(shelf: Shelf) -> bool:
    return any(it.kind == "opened" for it in shelf.said)


def _is_stale(shelf: Shelf) -> bool:
    """Whether the book says something else than what was last written here."""
    return not _is_open(shelf) or shelf.loan.written != fingerprint(rows_of(shelf.schedule))


def _opened(shelf: Shelf, country: str, journal: Journal, at: datetime, *, first: bool) -> None:
    detail = _as_told(shelf, country, first=first)
    times = sum(it.kind == "opened" for it in shelf.said)
    told = Told(
        key=f"opened:l{shelf.loan.pk}:{times}", kind="opened", loan=shelf.loan, currency=shelf.loan.currency,
        happened_at=at, at=_after(shelf, at), detail=detail, source=SOURCE,
    )  # fmt: skip
    journal.told.append(told)
    journal.post(shelf, told)


def looked_at(shelf: Shelf, *, at: datetime) -> Standing:
    """How a loan stands, as it would be opened now; nothing is written."""
    if not _is_stale(shelf):
        return shelf.standing
    country = _countries({shelf.terms.borrower_id}).get(shelf.terms.borrower_id, "")
    detail = _as_told(shelf, country, first=not _is_open(shelf))
    return stand([*shelf.said, Said("opened", at, _after(shelf, at), detail=detail)])


def _as_told(shelf: Shelf, country: str, *, first: bool) -> dict[str, Any]:
    rows, terms = rows_of(shelf.schedule), shelf.terms
    before = 0 if first else shelf.balances["paid_before"]
    order = allocation(settings.CONTENT).order(product=terms.product or "", country=country or "")
    return {
        "steps": rows, "order": order.said, "counted": _counted(shelf, rows, before, first=first),
        "rate_ppm": terms.annual_rate_ppm,
        "began_on": terms.disbursed_on.isoformat() if terms.disbursed_on else None,
    }  # fmt: skip


def _after(shelf: Shelf, at: datetime) -> datetime:
    """Never before the schedule it replaces, were a clock put back."""
    return max(
        [
            at,
            *(
                it.at
                for it in shelf.said
                if it.kind in ("opened", "rescheduled", "waived", "charged", "rested")
            ),
        ]
    )


def _counted(shelf: Shelf, rows: list[dict[str, Any]], before: int, *, first: bool) -> dict[str, int]:
    """The payments that what was told as paid has in it, and how much of each."""
    here = list(shelf.standing.payments.values())
    if first:
        known = _from_the_book(shelf)
        return {str(it.payment): it.counts for it in here if it.counts and it.payment in known}
    room, counted = sum(it["paid"] for it in rows) - before, {}
    for it in sorted(here, key=lambda it: (it.paid_at, it.counts, it.payment)):
        part = max(min(it.counts, room), 0)
        counted[str(it.payment)] = part
        room -= part
    return counted


def _from_the_book(shelf: Shelf) -> set[int]:
    return {it.payment for it in shelf.said if it.kind == "booked" and it.because == SOURCE}


def payments_of(shelves: Iterable[Shelf]) -> dict[str, list[Any]]:
    """The latest fact of each payment of these loans, by loan."""
    latest: dict[str, Any] = {}
    for chunk in chunks(it.loan.loan_id for it in shelves):
        for it in FACTS["payments"].objects.filter(loan_id__in=chunk).order_by("recorded_at", "id"):
            latest[it.payment_id] = it
    found: dict[str, list[Any]] = {}
    for it in latest.values():
        found.setdefault(it.loan_id, []).append(it)
    return found


def _countries(people: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chunk in chunks(people):
        rows = FACTS["borrowers"].objects.filter(borrower_id__in=chunk).order_by("recorded_at", "id")
        found |= dict(rows.values_list("borrower_id", "country"))
    return found


def _heard_of(shelf: Shelf, facts: Iterable[Any]) -> None:
    """What the book knows of payments, as if each had been told here. What was told here already is left as it is."""
    new = unheard(shelf, facts)
    Told.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
    shelf.said += [said(it) for it in new]


def unheard(shelf: Shelf, facts: Iterable[Any]) -> list[Told]:
    """What facts say of payments of this loan that nobody has told here yet. Nothing of it is kept."""
    facts = [it for it in facts if (it.amount or 0) > 0]
    known = _numbered(shelf, [it.payment_id for it in facts])
    kinds: defaultdict[int, set[str]] = defaultdict(set)
    for it in shelf.said:
        kinds[it.payment].add(it.kind)
    return [
        told
        for it in facts
        if it.payment_id in known
        for told in _told(it, known[it.payment_id], shelf)
        if _is_new(told, kinds[known[it.payment_id]])
    ]


def _is_new(told: Told, kinds: set[str]) -> bool:
    if told.kind == "reversed":
        return not kinds & {"reversed", "charged_back"} and not ("refunded" in kinds and "booked" in kinds)
    return not kinds & {"booked", told.kind}


def _numbered(shelf: Shelf, keys: Sequence[str]) -> dict[str, int]:
    """The numbers of these payments, as payments of this loan; one that pays another loan has none here."""
    missing = sorted(set(keys) - set(shelf.payments.values()))
    rows = [LedgerPayment(payment_id=it, loan=shelf.loan) for it in missing]
    LedgerPayment.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    for chunk in chunks(missing):
        found = LedgerPayment.objects.filter(payment_id__in=chunk)
        found.filter(loan=None).update(loan=shelf.loan)
        shelf.payments |= {it.pk: it.payment_id for it in found.filter(loan=shelf.loan)}
    return {key: number for number, key in shelf.payments.items()}


def _told(fact: Any, payment: int, shelf: Shelf) -> Iterable[Told]:
    kinds = {"booked": fact.state_at} if fact.state_at else {"announced": fact.paid_at}
    kinds |= {"reversed": fact.reversed_at} if fact.reversed_at else {}
    for kind, at in kinds.items():
        yield Told(
            key=f"{kind}:p{payment}:", kind=kind, payment_id=payment, amount=fact.amount, currency=shelf.loan.currency,
            way=fact.way or "", happened_at=at if kind == "reversed" else fact.paid_at, at=at, because=SOURCE,
            source=fact.provenance,
        )  # fmt: skip
