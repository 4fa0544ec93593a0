"""What providers post: kept with its number and done in one transaction. Twice, late or in any order it ends the same."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tideover.access.actors import SYSTEM
from tideover.access.audit import note
from tideover.book.models import FACTS
from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.ways.arriving import SETTLES, counts_from
from tideover.repayment.ways.contract import Heard
from tideover.repayment.ways.intents import move, opened
from tideover.repayment.ways.models import INTENT_MOVES, Intent, ProviderEvent
from tideover.repayment.ways.once import once_key
from tideover.repayment.ways.outcome import Outcome, outcome_of
from tideover.repayment.ways.references import loan_of_reference
from tideover.repayment.ways.register import open_way

MOST = 10**15
"""Minor units. One payment above this is a mistake in the telling, in any currency."""

log = logging.getLogger(__name__)


def take_post(*, way: str, body: bytes, headers: Mapping[str, str], at: datetime) -> int:
    """Everything that was posted, believed or refused as a whole. How much of it is new. Raises Forged, NotConnected."""
    heard = open_way(way).hear(body, headers, at)
    return take_heard(way=way, heard=heard, at=at)


@transaction.atomic
def take_heard(*, way: str, heard: Sequence[Heard], at: datetime) -> int:
    """Keep each event once, and do what follows from all that is known of its payment. How many are new."""
    fresh = 0
    for it in heard:
        if ProviderEvent.objects.filter(way=way, event_id=it.event_id).exists():
            continue
        intent = _intent_for(way, it, at)
        if intent is None and (it.about or not it.ref):
            # Another system of the same account, or nothing that could ever be matched.
            log.info("an event of %s names no payment of ours", way)
            continue
        fresh += 1
        _kept(way, it, intent, at)
        if intent is not None:
            _settle(intent, at)
    return fresh


def _intent_for(way: str, heard: Heard, at: datetime) -> Intent | None:
    """The payment that is meant: by its code, by what the provider calls it, by the loan's reference."""
    ours = Intent.objects.select_for_update().filter(way=way)
    if heard.about:
        return ours.filter(code=heard.about).first()
    if heard.ref:
        found = ours.filter(events__ref=heard.ref).order_by("pk").first()
        if found is not None:
            return found
    return _by_reference(way, heard, at) if heard.reference and heard.amount else None


def _by_reference(way: str, heard: Heard, at: datetime) -> Intent | None:
    """One that was begun here with this amount; else one that began at the provider."""
    loan_id, amount = loan_of_reference(heard.reference), heard.amount
    if loan_id is None or amount is None or heard.kind not in ("paid", "on_its_way"):
        return None
    counted = Q(state="paid", settled_at__gte=int((at - SETTLES).timestamp()))  # a statement was quicker
    waiting = Intent.objects.select_for_update(of=("self",)).filter(
        Q(state__in=("begun", "announced")) | counted,
        way=way, loan_id=loan_id, amount=amount.minor, currency=amount.currency, events=None,
    )  # fmt: skip
    found = waiting.order_by("pk").first()
    return found or opened(loan_id, amount, way, once_key(way, heard.event_id), at)


def _kept(way: str, heard: Heard, intent: Intent | None, at: datetime) -> None:
    ProviderEvent.objects.create(
        way=way, event_id=heard.event_id, kind=heard.kind, intent=intent, ref=heard.ref,
        amount=heard.amount.minor if heard.amount else None, currency=heard.amount.currency if heard.amount else "",
        happened_at=heard.happened_at, heard_at=at, set_aside=_odd(heard, intent),
    )  # fmt: skip
    if intent is not None and heard.ref:
        early = ProviderEvent.objects.filter(way=way, ref=heard.ref, intent=None)
        early.exclude(currency="").exclude(currency=intent.currency).update(set_aside="currency")
        early.update(intent=intent)


def _odd(heard: Heard, intent: Intent | None) -> str:
    """Why an event is set aside for a person; "" where it is plain."""
    if heard.amount is None or heard.amount.minor > MOST:
        return "" if heard.kind in ("failed", "on_its_way") else "amount"
    if intent is not None and heard.amount.currency != intent.currency:
        return "currency"
    return ""


def _settle(intent: Intent, at: datetime) -> None:
    """The ledger and the payment's state follow everything told so far."""
    found = outcome_of(ProviderEvent.objects.filter(intent=intent, set_aside=""))
    before = intent.state
    _tell_ledger(intent, found, at)
    state = found.state
    if state and state != before and not (state == "announced" and before not in ("begun",)):
        if state not in INTENT_MOVES[before]:
            return
        move(intent, state, at)
        note(
            action=f"payment_{state}",
            by=SYSTEM,
            at=at,
            about=f"intent:{intent.code}",
            detail={"way": intent.way},
        )
    else:
        intent.save(update_fields=["refunded"])


def _tell_ledger(intent: Intent, found: Outcome, at: datetime) -> None:
    if intent.arrived_as == "other":  # its money is counted under another key
        return
    if found.paid:
        _tell_paid(intent, found, at)
    elif found.is_failed:
        if intent.state == "announced":
            ledger.reverse(payment_id=intent.payment_id, because="failed", at=at)
    elif found.is_on_its_way and intent.state == "begun":
        ledger.announce(
            payment_id=intent.payment_id, loan_id=intent.loan_id, amount=intent.money, way=intent.way, at=at, source="ways"
        )  # fmt: skip


def _tell_paid(intent: Intent, found: Outcome, at: datetime) -> None:
    payment = _counted_key(intent)
    ledger.book(
        payment_id=payment, loan_id=intent.loan_id, amount=Money(found.paid, intent.currency), way=intent.way,
        paid_at=counts_from(intent, found.paid_at or at), at=at, source="ways", early=intent.early,
    )  # fmt: skip
    back = min(found.refunded, found.paid)
    if back > intent.refunded:
        more = Money(back - intent.refunded, intent.currency)
        ledger.refund(payment_id=payment, refund_id=str(back), amount=more, at=at)
        intent.refunded = back
    if found.is_charged_back:
        ledger.charge_back(payment_id=payment, because="charged_back", at=at)
    if found.won:
        ledger.book(
            payment_id=f"{payment}-won", loan_id=intent.loan_id, amount=Money(min(found.won, found.paid), intent.currency),
            way=intent.way, paid_at=counts_from(intent, found.paid_at or at), at=at, source="ways", early=intent.early,
        )  # fmt: skip


def _counted_key(intent: Intent) -> str:
    """The payment's key; another one where it was taken back as failed and was paid all the same."""
    again = f"{intent.payment_id}-again"
    rows = FACTS["payments"].objects.filter(payment_id__in=(intent.payment_id, again))
    known = {it.payment_id: it for it in rows.order_by("recorded_at", "id")}
    first = known.get(intent.payment_id)
    taken_back = first is not None and first.reversed_at is not None and first.state_at is None
    return again if again in known or taken_back else intent.payment_id
