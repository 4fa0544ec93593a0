"""Money that a statement or a file tells of meets the payment that somebody began or said was on its way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.ledger import Payment
from tideover.repayment.ways.intents import LAPSES, move
from tideover.repayment.ways.models import Intent

ON_STATEMENTS = ("transfer", "upi", "vietqr", "banglaqr", "bill_id")
"""Ways whose money comes to the account one by one. What is paid in person is told by whoever took it."""

FIGURE_HOLDS = timedelta(days=3)
"""How long a payoff figure is good for money that is under way: a transfer may take a day, and a weekend."""

OPEN = ("announced", "begun")
SETTLES = timedelta(days=3)
"""Within which the bank tells of what a provider has told already: a day, and a weekend."""


@transaction.atomic
def expected(
    wanted: Sequence[tuple[str, Money, date]], *, ways: Collection[str] = ON_STATEMENTS
) -> list[Intent | None]:
    """For each loan, amount and day the payment that fits, each given once; None where nobody began one. One query.

    What a provider told of already is among them until a statement or a file tells of it too: that is the same money.
    """
    rows = Intent.objects.select_for_update().filter(
        Q(state__in=OPEN, address="") | Q(state="paid", arrived_as=""),
        loan_id__in={loan for loan, _, _ in wanted if loan}, way__in=ways,
    )  # fmt: skip
    waiting = list(rows.order_by("state", "begun_at", "pk")) if wanted else []
    found: list[Intent | None] = []
    for loan, amount, on in wanted:
        one = next(
            (it for it in waiting if (it.loan_id, it.money) == (loan, amount) and _may_be(it, on)), None
        )
        waiting = [it for it in waiting if it is not one]
        found.append(one)
    return found


def _may_be(intent: Intent, on: date) -> bool:
    """What was begun long ago and never spoken of again was another payment; nothing arrives before it was begun."""
    began = intent.begun_at.date()
    if intent.state == "paid":
        told = (intent.settled_at or intent.begun_at).date()
        return told - SETTLES <= on <= told + SETTLES
    return began - timedelta(days=1) <= on and (intent.state == "announced" or on <= began + LAPSES)


def arrived(intents: Iterable[Intent], *, at: datetime) -> None:
    """They are booked under their own keys."""
    _counted(list(intents), "own", at)


def gave_way(intents: Iterable[Intent], *, at: datetime) -> None:
    """They are booked under another key, by which their money is told of again."""
    found = list(intents)
    for it in found:
        if it.state == "announced":
            ledger.reverse(payment_id=it.payment_id, because="arrived_otherwise", at=at)
    _counted(found, "other", at)


def _counted(intents: Collection[Intent], key: str, at: datetime) -> None:
    """A statement or a file has told of their money, which counts under this key."""
    Intent.objects.filter(pk__in=[it.pk for it in intents]).update(arrived_as=key)
    for it in intents:
        move(it, "paid", at)


def as_begun(payment: Payment, intent: Intent | None) -> Payment:
    """The payment as whoever began it here meant it: for what she said, from when it counts. As it is, where nobody began it."""
    if intent is None:
        return payment
    return replace(payment, paid_at=counts_from(intent, payment.paid_at), early=intent.early)


def counts_from(intent: Intent, paid_at: datetime) -> datetime:
    """When it counts as paid: what was to close the loan at a day's figure does, though the money is under way for some days."""
    is_in_time = intent.begun_at <= paid_at <= intent.begun_at + FIGURE_HOLDS
    return intent.begun_at if intent.early == "payoff" and is_in_time else paid_at
