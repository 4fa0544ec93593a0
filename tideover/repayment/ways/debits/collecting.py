"""The collection run of a day: tell first, then send what is still right to send. Run twice, it does nothing twice."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from tideover.access.actors import SYSTEM
from tideover.access.audit import note
from tideover.kit.days import day_of
from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.loans import Instalment
from tideover.repayment.ways.debits.days import bank_day, payday_lag
from tideover.repayment.ways.debits.fitness import TOO_LITTLE, instalments_of, unfit
from tideover.repayment.ways.debits.laying import lay_what_waits, with_the_bank
from tideover.repayment.ways.debits.message import Collection, Creditor, written
from tideover.repayment.ways.debits.settings import SENT_BEFORE, DebitSettings, read_settings
from tideover.repayment.ways.models import Debit, DebitFile, Mandate
from tideover.repayment.ways.references import reference_of
from tideover.strategy.gate import Asked, consider_all
from tideover.strategy.stops import ALL, RESTORED, stopped

NOTICE, BECAUSE = "debit_notice", "direct_debit"
RETRY_WITHIN = timedelta(days=45)
AHEAD = timedelta(days=7)
WAY = "debit"


@dataclass(frozen=True)
class Collected:
    """What a run did. `file` is where the bank's file lies; "" where nothing was to be taken."""

    noticed: int
    sent: int
    left_out: int
    file: str = ""


@dataclass(frozen=True)
class _Coming:
    """An instalment that could be told of now."""

    mandate: Mandate
    number: int
    attempt: int
    amount: int
    on: date

    @property
    def key(self) -> str:
        return f"{self.mandate.umr}-{self.number}-{self.attempt}"


def collect(*, at: datetime, environ: Mapping[str, str] | None = None) -> Collected:
    """Tell what is to be taken, and send what was told in time. Raises NotConnected.

    Nothing is told or sent while everything is stopped, as after a restore, when the database does not know what left.
    """
    settings = read_settings(os.environ if environ is None else environ)
    if stopped() & {ALL, RESTORED}:
        return Collected(0, 0, 0)
    lay_what_waits(settings, at=at)
    noticed = _tell(settings, at)
    sent, left_out = _send(settings, at)
    return Collected(noticed, sent, left_out, lay_what_waits(settings, at=at))


# --- tell


def _tell(settings: DebitSettings, at: datetime) -> int:
    coming = _coming(settings, at)
    told = 0
    while coming:
        # One thing at a time to each person; a second loan of hers has its own notice.
        once = {it.mandate.person_id: it for it in reversed(coming)}
        told += _tell_each(once, at)
        coming = [it for it in coming if it not in once.values()]
    return told


@transaction.atomic
def _tell_each(coming: Mapping[str, _Coming], at: datetime) -> int:
    asked = [
        Asked(
            person, it.mandate.loan_id, key=f"debit-{it.key}",
            values={"debit_amount": it.amount, "debit_on": day_of(it.on)},
        )
        for person, it in coming.items()
    ]  # fmt: skip
    answers = consider_all(asked, occasion=NOTICE, at=at, because=BECAUSE)
    made = [
        Debit(
            end_to_end=it.key[:35], mandate=it.mandate, number=it.number, attempt=it.attempt, amount=it.amount,
            due_on=it.on, noticed_at=at,
        )
        for person, it in coming.items()
        if answers[person].decision is not None
    ]  # fmt: skip
    Debit.objects.bulk_create(made)
    return len(made)


def _coming(settings: DebitSettings, at: datetime) -> list[_Coming]:
    """What falls due within the time of notice, by mandates that count, and what comes back for its second time."""
    mandates = list(Mandate.objects.filter(state="active").order_by("pk"))
    kept_back = unfit(mandates, at)
    mandates = [it for it in mandates if it.pk not in kept_back]
    schedules = instalments_of({it.loan_id for it in mandates}, at)
    made: dict[int, list[Debit]] = {}
    for it in Debit.objects.filter(mandate__in=mandates):
        made.setdefault(it.mandate_id, []).append(it)
    found = []
    for mandate in mandates:
        steps, debits = schedules.get(mandate.loan_id, []), made.get(mandate.pk, [])
        found += [*_due(mandate, steps, debits, settings, at), *_again(mandate, steps, debits, settings, at)]
    return found


def _due(
    mandate: Mandate, steps: Sequence[Instalment], debits: Sequence[Debit], settings: DebitSettings, at: datetime
) -> Iterable[_Coming]:  # fmt: skip
    """Instalments whose day is as far off as the notice asks, or up to a week more: a notice may have to wait."""
    earliest, known = at.date() + timedelta(days=settings.notice_days), {it.number for it in debits}
    for it in steps:
        on = bank_day(it.due_on + timedelta(days=mandate.days_later))
        if it.left and it.number not in known and earliest <= on <= earliest + AHEAD:
            yield _Coming(mandate, it.number, 1, it.left, on)


def _again(
    mandate: Mandate, steps: Sequence[Instalment], debits: Sequence[Debit], settings: DebitSettings, at: datetime
) -> Iterable[_Coming]:  # fmt: skip
    """One that came back for want of money, once more, on her payday; never where none is known."""
    lag, twice = payday_lag(steps), {it.number for it in debits if it.attempt == 2}
    if lag is None:
        return
    earliest = at.date() + timedelta(days=settings.notice_days)
    by_number = {it.number: it for it in steps}
    for it in debits:
        step = by_number.get(it.number)
        wanted = it.state == "returned" and it.because == TOO_LITTLE and it.number not in twice
        if step is None or not step.left or not wanted:
            continue
        paydays = (bank_day(one.due_on + timedelta(days=lag)) for one in steps)
        on = min((day for day in paydays if day >= earliest), default=None)
        if on and it.returned_at and on <= it.returned_at.date() + RETRY_WITHIN:
            yield _Coming(mandate, it.number, 2, min(it.amount, step.left), on)


# --- send


@transaction.atomic
def _send(settings: DebitSettings, at: datetime) -> tuple[int, int]:
    """The bank's file of what was told; looked at once more, for a hold or a payment may have come since.

    What the bank has already counts as sent, without a second file. How many were sent, and how many left out.
    """
    until = at.date() + timedelta(days=SENT_BEFORE)
    waiting = Debit.objects.select_for_update().filter(state="noticed", due_on__lte=until)
    every = list(waiting.select_related("mandate").order_by("pk"))
    if not every:
        return 0, 0
    had = with_the_bank(settings, [it.end_to_end for it in every], at=at)
    kept_back = unfit([it.mandate for it in every], at)
    schedules = instalments_of({it.mandate.loan_id for it in every}, at)
    for it in every:
        if it.end_to_end in had:
            it.state = "sent"
            continue
        left = next(
            (step.left for step in schedules.get(it.mandate.loan_id, []) if step.number == it.number), 0
        )
        it.because = _why_not(it, left, kept_back.get(it.mandate_id, ""), at)
        it.state, it.amount = ("left_out", it.amount) if it.because else ("sent", min(it.amount, left))
    going = [it for it in every if it.state == "sent"]
    new = [it for it in going if it.end_to_end not in had]
    file = _file(new, settings, at) if new else None
    for it in new:
        it.file = file
    for it in going:
        ledger.announce(
            payment_id=it.payment_id, loan_id=it.mandate.loan_id, amount=_collection(it).amount, way=WAY, at=at, source="ways"
        )  # fmt: skip
    Debit.objects.bulk_update(every, ["state", "because", "amount", "file"])
    Mandate.objects.filter(pk__in=[it.mandate_id for it in going]).update(is_used=True)
    note(
        action="debits_sent", by=SYSTEM, at=at, about=f"debit-file:{file.message_id if file else ''}",
        detail={"sent": len(new), "left_out": len(every) - len(going), "with_the_bank": len(had)},
    )  # fmt: skip
    return len(new), len(every) - len(going)


def _why_not(debit: Debit, left: int, kept_back: str, at: datetime) -> str:
    if debit.mandate.state != "active":
        return str(debit.mandate.state)
    if not left:
        return "paid"
    return kept_back or ("too_late" if debit.due_on <= at.date() else "")


def _file(going: Sequence[Debit], settings: DebitSettings, at: datetime) -> DebitFile:
    name = f"TIDE-{at:%Y%m%d-%H%M%S}"
    creditor = Creditor(settings.name, settings.creditor_id, settings.account, settings.bank)
    xml = written(name, creditor, [_collection(it) for it in going], at=at)
    return DebitFile.objects.create(message_id=name, made_at=at, xml=xml)


def _collection(debit: Debit) -> Collection:
    it = debit.mandate
    return Collection(
        debit.end_to_end, it.umr, it.signed_at.date(), Money(debit.amount, it.currency), debit.due_on, not it.is_used,
        it.holder, it.account, it.bank, reference_of(it.loan_id),
    )  # fmt: skip
