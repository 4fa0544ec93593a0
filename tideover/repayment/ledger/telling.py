"""Something new about money: kept once, its effect posted to the journal and written as facts, in one transaction.

Sets in, sets out: the number of queries does not grow with the number of payments, save by chunks of the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from tideover.book.queries import chunks
from tideover.repayment.ledger.journal import Journal
from tideover.repayment.ledger.loading import Shelf, homes_of, locked_loans, locked_payments, shelves
from tideover.repayment.ledger.models import LedgerLoan, LedgerPayment, Told
from tideover.repayment.ledger.opening import open_shelves
from tideover.repayment.ledger.refusals import (
    NoSuchLoan,
    NotAnAmount,
    PaysAnotherLoan,
    ToldDifferently,
    WrongCurrency,
)
from tideover.repayment.ledger.standing import Standing
from tideover.repayment.ledger.writing import write_facts

MOST = 10**15
"""Minor units. One payment above this is a mistake in the telling, in any currency."""

UNMATCHED = "unmatched:"
"""Before the key of a payment: the place of money that names no loan we know."""

NAMES_A_LOAN = ("announced", "booked")


@dataclass(frozen=True)
class News:
    """One thing to be told. `number` is the teller's own number of it, where a payment can have several of its kind."""

    kind: str
    happened_at: datetime
    at: datetime
    payment_id: str = ""
    loan_id: str = ""
    amount: int = 0
    currency: str = ""
    way: str = ""
    number: str = ""
    because: str = ""
    by: str = ""
    source: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Heard:
    """What came of telling: whether it was new, and how its loan stands afterwards. `payment` is the ledger's number of it."""

    is_new: bool
    loan_id: str
    payment: int
    before: Standing
    after: Standing


@transaction.atomic
def tell(news: Sequence[News], *, at: datetime) -> list[Heard]:
    """Hear all of it or none. What was told before changes nothing. Raises what `refusals` names."""
    for it in news:
        _amount_is_one(it)
    payments = locked_payments({it.payment_id for it in news if it.payment_id})
    moved = _sent_home(news, payments)
    names = {it.loan_id for it in news if it.loan_id} | set(moved.values()) | homes_of(payments)
    loans = locked_loans(names, {moved[it.payment_id]: it.currency for it in news if it.payment_id in moved})
    _settled_in(payments, moved, loans)
    on, journal = shelves(loans.values()), Journal()
    open_shelves(on, journal, at=at)
    known = _known({_key(it, payments, loans) for it in news})
    heard = [_heard(it, payments, loans, on, journal, known) for it in news]
    journal.write()
    write_facts([it for it in on.values() if it.is_changed], at=at)
    return heard


def _known(keys: set[str]) -> dict[str, Told]:
    return {it.key: it for chunk in chunks(keys) for it in Told.objects.filter(key__in=chunk)}


def unmatched(payment_id: str) -> str:
    """Where a payment waits that names no loan; of a fixed length, whatever the key."""
    return UNMATCHED + hashlib.sha256(payment_id.encode()).hexdigest()[:32]


def _amount_is_one(news: News) -> None:
    if news.currency and not 0 < news.amount <= MOST:
        raise NotAnAmount(f"{news.amount} {news.currency} in minor units is no amount that can be paid.")


def _sent_home(news: Sequence[News], payments: Mapping[str, LedgerPayment]) -> dict[str, str]:
    """The loan of each payment that has none yet, or has just been matched with one."""
    home: dict[str, str] = {}
    for it in news:
        if not it.payment_id:
            continue
        known = payments[it.payment_id]
        now = home.get(it.payment_id) or (known.loan.loan_id if known.loan else "")
        if _pays_another(it, now) and (it.kind == "matched" or not _was_matched(known)):
            raise PaysAnotherLoan("This payment is known already, and pays another loan.")
        if it.kind == "matched" or (it.kind in NAMES_A_LOAN and not now):
            home[it.payment_id] = it.loan_id or unmatched(it.payment_id)
    return home


def _pays_another(news: News, now: str) -> bool:
    if news.kind == "matched":
        return now not in ("", unmatched(news.payment_id), news.loan_id)
    return news.kind in NAMES_A_LOAN and bool(now) and news.loan_id not in ("", now)


def _was_matched(payment: LedgerPayment) -> bool:
    return Told.objects.filter(payment=payment, kind="matched").exists()


def _settled_in(
    payments: Mapping[str, LedgerPayment], moved: Mapping[str, str], loans: Mapping[str, LedgerLoan]
) -> None:
    for payment_id, loan_id in moved.items():
        if loan_id not in loans:
            raise NoSuchLoan("The book does not know the loan that this money is for.")
        payments[payment_id].loan = loans[loan_id]
    LedgerPayment.objects.bulk_update([payments[it] for it in moved], ["loan"], batch_size=500)


def _heard(
    news: News,
    payments: Mapping[str, LedgerPayment],
    loans: Mapping[str, LedgerLoan],
    on: Mapping[int, Shelf],
    journal: Journal,
    known: dict[str, Told],
) -> Heard:
    payment = payments.get(news.payment_id)
    loan = payment.loan if payment is not None else loans.get(news.loan_id)
    if payment is None and loan is None:
        raise NoSuchLoan("The book does not know this loan.")
    key = _key(news, payments, loans)
    number = payment.pk if payment is not None else 0
    before = on[loan.pk].standing if loan is not None else _NOWHERE
    if key in known:
        _same(known[key], news)
        return Heard(False, loan.loan_id if loan else "", number, before, before)
    if loan is not None and news.currency and news.currency != loan.currency:
        raise WrongCurrency(f"This loan is paid in {loan.currency}, not in {news.currency}.")
    told = known[key] = Told(
        key=key, kind=news.kind, loan=loan if payment is None or news.kind == "matched" else None, payment=payment,
        amount=news.amount, currency=news.currency, way=news.way, happened_at=news.happened_at, at=news.at,
        detail=dict(news.detail), because=news.because, by=news.by, source=news.source,
    )  # fmt: skip
    journal.told.append(told)
    # A payment that is matched leaves the place where it waited: that one is posted to as well.
    for shelf in on.values() if news.kind == "matched" else [on[loan.pk]] if loan is not None else []:
        journal.post(shelf, told)
    after = on[loan.pk].standing if loan is not None else _NOWHERE
    return Heard(True, loan.loan_id if loan else "", number, before, after)


def _key(news: News, payments: Mapping[str, LedgerPayment], loans: Mapping[str, LedgerLoan]) -> str:
    payment, loan = payments.get(news.payment_id), loans.get(news.loan_id)
    about = f"p{payment.pk}" if payment else f"l{loan.pk}" if loan else ""
    number = hashlib.sha256(news.number.encode()).hexdigest()[:32] if news.number else ""
    return f"{news.kind}:{about}:{number}"


def _same(known: Told, news: News) -> None:
    if (known.amount, known.currency) != (news.amount, news.currency):
        raise ToldDifferently(
            "This was told before with another amount. Give what is new a number of its own."
        )


_NOWHERE = Standing({}, (), {}, 0, None)  # type: ignore[arg-type]  # money nobody has said anything of but that it went back
