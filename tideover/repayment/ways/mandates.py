"""Leave to take an instalment from an account: given in words that are kept, seen, paused, moved and ended by herself."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from tideover.access.actors import Actor, person_actor
from tideover.access.audit import note
from tideover.book.surrogates import surrogate_of
from tideover.kit.cards import cover_cards
from tideover.kit.errors import Refused
from tideover.repayment.loans import Loan
from tideover.repayment.ways.models import MANDATE_MOVES, Debit, Mandate, MandateChange
from tideover.repayment.ways.once import once_key

UNDO = timedelta(days=1)
LATEST = 10
"""Days after the due day, at most: later is a plan, and has its own page."""

SHOWN = 4


class NotAnAccount(Refused):
    """The number is no IBAN: a digit is wrong, or missing."""


class NoHolder(Refused):
    """A mandate names whose account it is."""


class AnotherCurrency(Refused):
    """A direct debit is in euros."""


class HasOne(Refused):
    """One mandate a loan."""


class NotPossible(Refused):
    """The mandate stands in another state, or too much time has gone."""


@transaction.atomic
def give(
    *, loan: Loan, person_id: str, account: str, holder: str, words: str, language: str, once: str, at: datetime
) -> Mandate:  # fmt: skip
    """She lets us take what falls due. Raises AnotherCurrency, NotAnAccount, NoHolder, HasOne."""
    key = once_key(person_id, once)
    if known := Mandate.objects.filter(once=key).first():
        return known
    if loan.currency != "EUR":
        raise AnotherCurrency("A direct debit is possible for loans in euros.")
    iban, name = _iban(account), " ".join(cover_cards(holder).split())[:70]
    if not name:
        raise NoHolder("Write the name of whoever holds the account.")
    if Mandate.objects.filter(loan_id=loan.loan_id).exclude(state="ended").exists():
        raise HasOne("There is a direct debit for this loan already. End it first.")
    made = Mandate.objects.create(
        umr=f"T{at:%y%m%d}{secrets.token_hex(6).upper()}", once=key, person_id=person_id, loan_id=loan.loan_id,
        currency=loan.currency, account=str(iban), account_end=str(iban)[-SHOWN:], holder=name,
        bank=str(iban.bic or ""), signed_at=at, text_hash=hashlib.sha256(words.encode()).hexdigest(), language=language,
    )  # fmt: skip
    note(action="mandate_given", by=_her(person_id), at=at, about=f"mandate:{made.umr}")
    return made


def pause(*, mandate: Mandate, at: datetime) -> Mandate:
    """Nothing is taken until she goes on. Raises NotPossible."""
    return _changed(mandate, "pause", at, state="paused")


def go_on(*, mandate: Mandate, at: datetime) -> Mandate:
    """It counts again. Raises NotPossible."""
    return _changed(mandate, "go_on", at, state="active")


def end(*, mandate: Mandate, at: datetime) -> Mandate:
    """Nothing is taken any more. Raises NotPossible."""
    return _changed(mandate, "end", at, state="ended")


def move(*, mandate: Mandate, days_later: int, at: datetime) -> Mandate:
    """Money is taken some days after the due day. Raises NotPossible."""
    if not 0 <= days_later <= LATEST:
        raise NotPossible(f"It can be moved by up to {LATEST} days. For more, ask for a plan.")
    return _changed(mandate, "move", at, days=days_later)


@transaction.atomic
def undo(*, mandate: Mandate, at: datetime) -> Mandate:
    """The last change never was. Raises NotPossible."""
    found = Mandate.objects.select_for_update().get(pk=mandate.pk)
    last = undoable(found, at)
    if last is None:
        raise NotPossible("There is nothing left to undo. You can still change it.")
    others = Mandate.objects.filter(loan_id=found.loan_id).exclude(pk=found.pk).exclude(state="ended")
    if last.state_before != "ended" and found.state == "ended" and others.exists():
        raise NotPossible("There is another direct debit for this loan by now.")
    last.undone_at = at
    last.save(update_fields=["undone_at"])
    found.state, found.days_later = last.state_before, last.days_before
    return _kept(found, "mandate_undone", at, _her(found.person_id))


def undoable(mandate: Mandate, at: datetime) -> MandateChange | None:
    """The change that she can still undo: the last one, for a day."""
    last = MandateChange.objects.filter(mandate=mandate).order_by("-pk").first()
    return last if last and last.undone_at is None and at - last.at <= UNDO else None


def ended_by_bank(mandate: Mandate, because: str, at: datetime) -> None:
    """The bank says that this account or mandate is no more."""
    if mandate.state != "ended":
        mandate.state = "ended"
        _kept(mandate, f"mandate_ended_{because}", at, Actor("system", "bank"))


def mandates_of(person_id: str) -> list[Mandate]:
    """Hers that count or rest, the newest first; ended ones while they can be undone."""
    return list(Mandate.objects.filter(person_id=person_id).order_by("-pk")[:20])


def coming_debits(mandates: Iterable[Mandate]) -> dict[int, Debit]:
    """What was told and is not taken yet, by mandate: the next of each. One query."""
    rows = Debit.objects.filter(mandate__in=list(mandates), state__in=("noticed", "sent")).order_by(
        "-due_on", "-pk"
    )
    return {it.mandate_id: it for it in rows}


def mandate_of(person_id: str, umr: str) -> Mandate | None:
    """One of hers; None where it is not."""
    return Mandate.objects.filter(person_id=person_id, umr=umr).first()


@transaction.atomic
def _changed(
    mandate: Mandate, what: str, at: datetime, *, state: str = "", days: int | None = None
) -> Mandate:
    found = Mandate.objects.select_for_update().get(pk=mandate.pk)
    wanted, moved = state or found.state, found.days_later if days is None else days
    if (wanted, moved) == (found.state, found.days_later):
        return found
    if wanted != found.state and (wanted not in MANDATE_MOVES[found.state] or found.state == "ended"):
        raise NotPossible("This direct debit has ended. Give a new one if you want it back.")
    MandateChange.objects.create(
        mandate=found, what=what, state_before=found.state, days_before=found.days_later, at=at
    )
    found.state, found.days_later = wanted, moved
    return _kept(found, f"mandate_{what}", at, _her(found.person_id))


def _kept(mandate: Mandate, action: str, at: datetime, by: Actor) -> Mandate:
    mandate.ended_at = at if mandate.state == "ended" else None
    mandate.save(update_fields=["state", "days_later", "ended_at"])
    note(action=action, by=by, at=at, about=f"mandate:{mandate.umr}")
    return mandate


def _iban(text: str) -> IBAN:
    try:
        return IBAN(text, validate_bban=True)
    except SchwiftyException:
        raise NotAnAccount("This is no IBAN. Look at each group of four once more.") from None


def _her(person_id: str) -> Actor:
    return person_actor(surrogate_of(person_id))
