"""A payment from the moment somebody begins it: double presses are one, and 'I have paid' shows at once as on its way."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from persiantools.jdatetime import JalaliDate

from tideover.access.actors import SYSTEM, person_actor
from tideover.access.audit import note
from tideover.book.surrogates import surrogate_of
from tideover.kit.errors import Refused
from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.loans import Loan
from tideover.repayment.ways.contract import Ask, Begun, Redirect
from tideover.repayment.ways.models import INTENT_MOVES, Intent, PayLink, Reference
from tideover.repayment.ways.once import once_key
from tideover.repayment.ways.references import reference_of
from tideover.repayment.ways.register import open_way

CODE_BYTES = 9
LAPSES = timedelta(days=10)
"""What was said to be on its way and has not arrived by then was never sent, or sent elsewhere."""


class NothingToPay(Refused):
    """An amount is more than nothing."""


class MoreThanIsOpen(Refused):
    """Nobody can pay more than is open on the loan, or than was asked for by a link."""


class NotEnoughToClose(Refused):
    """The amount that closes the loan is another one on this day."""


class NotCarried(Refused):
    """The way cannot carry the amount: it is too small, too large, or not a whole one of what it carries."""


class UnknownAim(Refused):
    """Money beyond what is due is for one of the aims that the ledger knows."""


class NotInThisState(Refused):
    """The payment has gone on already, or has ended."""


@transaction.atomic
def begin(
    *, loan: Loan, person_id: str, amount: Money, way: str, once: str, at: datetime, early: str = ""
) -> Intent:
    """Her own payment; `early` says what money beyond what is due is for. The same form twice is the same payment.

    Raises NothingToPay, MoreThanIsOpen, NotCarried, NotEnoughToClose, UnknownAim, NotConnected.
    """
    if known := Intent.objects.filter(once=once_key(person_id, once)).first():
        return known
    if amount.minor > loan.left:
        raise MoreThanIsOpen("That is more than is open. Nobody has to pay more than the whole.")
    must_be_carried(way, amount)
    _aim_is_one(loan, amount, early, at)
    return opened(loan.loan_id, amount, way, once_key(person_id, once), at, person_id=person_id, early=early)


def must_be_carried(way: str, amount: Money) -> None:
    """Raises NotCarried, NotConnected. What came all the same is never asked."""
    if amount.minor > 0 and open_way(way).amounts.why_not(amount.minor):
        raise NotCarried("This way cannot carry this amount. Please choose another way or another amount.")


def _aim_is_one(loan: Loan, amount: Money, early: str, at: datetime) -> None:
    if early and early not in ledger.EARLY:
        raise UnknownAim("Choose what the money is for.")
    if early == "payoff" and amount.minor < ledger.payoff(loan.loan_id, at.date(), at).amount.minor:
        raise NotEnoughToClose("The amount that closes the loan has changed. Please look at it once more.")


def opened(
    loan_id: str, amount: Money, way: str, once: str, at: datetime, *, person_id: str = "", link: PayLink | None = None,
    early: str = "",
) -> Intent:  # fmt: skip
    """The row of a payment that begins. Raises NothingToPay, NotConnected."""
    if amount.minor <= 0:
        raise NothingToPay("An amount is more than nothing.")
    open_way(way)
    number_of(loan_id)
    made, _ = Intent.objects.get_or_create(
        once=once,
        defaults={
            "code": secrets.token_hex(CODE_BYTES), "loan_id": loan_id, "person_id": person_id, "link": link, "way": way,
            "amount": amount.minor, "currency": amount.currency, "begun_at": at, "early": early,
        },
    )  # fmt: skip
    return made


def shown(intent: Intent, *, back_to: str, language: str, at: datetime) -> Begun:
    """What is to be done now. A page at a provider is asked for once; outside of any transaction. Raises DoesNotAnswer."""
    if intent.address:
        return Redirect(intent.address, "")
    begun = open_way(intent.way).begin(_ask(intent, back_to, language, at))
    if isinstance(begun, Redirect):
        intent.address = begun.address
        Intent.objects.filter(pk=intent.pk).update(address=begun.address)
    return begun


@transaction.atomic
def said_paid(*, intent: Intent, at: datetime) -> Intent:
    """She says that the money has left: on its way from now on, counted for nothing yet. Twice is once."""
    found = Intent.objects.select_for_update().get(pk=intent.pk)
    if found.state != "begun":
        return found
    ledger.announce(
        payment_id=found.payment_id, loan_id=found.loan_id, amount=found.money, way=found.way, at=at,
        by=surrogate_of(found.person_id) if found.person_id else "", source="ways",
    )  # fmt: skip
    move(found, "announced", at)
    by = person_actor(surrogate_of(found.person_id)) if found.person_id else SYSTEM
    note(action="payment_announced", by=by, at=at, about=f"intent:{found.code}", detail={"way": found.way})
    return found


@transaction.atomic
def let_lapse(*, at: datetime) -> int:
    """What never arrived is on its way no longer. How many."""
    late = Intent.objects.select_for_update().filter(
        state="announced", announced_at__lt=int((at - LAPSES).timestamp())
    )
    for it in (found := list(late)):
        ledger.reverse(payment_id=it.payment_id, because="never_arrived", at=at)
        move(it, "failed", at)
    return len(found)


def move(intent: Intent, state: str, at: datetime) -> None:
    """Into another state. Raises NotInThisState."""
    if state == intent.state:
        return
    if state not in INTENT_MOVES[intent.state]:
        raise NotInThisState(f"A payment that is {intent.state} cannot become {state}.")
    intent.state = state
    if state == "announced":
        intent.announced_at = at
    elif intent.settled_at is None:
        intent.settled_at = at
    intent.save(update_fields=["state", "announced_at", "settled_at", "refunded"])


def number_of(loan_id: str) -> int:
    """The loan's short number."""
    made, _ = Reference.objects.get_or_create(loan_id=loan_id, defaults={"reference": reference_of(loan_id)})
    return int(made.pk)


def last_way(person_id: str) -> str:
    """By which she paid last; "" where we do not know."""
    found = Intent.objects.filter(person_id=person_id).exclude(state="begun").order_by("-pk").first()
    return found.way if found and person_id else ""


def _ask(intent: Intent, back_to: str, language: str, at: datetime) -> Ask:
    day = JalaliDate(at.date())  # type: ignore[no-untyped-call]  # the package has no types
    return Ask(
        intent.code, intent.money, reference_of(intent.loan_id), back_to, language,
        number=number_of(intent.loan_id), year=day.year, period=day.month,
    )  # fmt: skip
