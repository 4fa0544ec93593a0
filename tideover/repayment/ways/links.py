"""Somebody else pays for her: by a link that shows the name, the amount and the word that she chose, and no loan."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from tideover.access.actors import SYSTEM, person_actor
from tideover.access.audit import note
from tideover.access.sealing import blind
from tideover.book.surrogates import surrogate_of
from tideover.kit.cards import cover_cards
from tideover.kit.errors import Refused
from tideover.kit.money import Money
from tideover.repayment.loans import Loan
from tideover.repayment.ways.intents import MoreThanIsOpen, NothingToPay, must_be_carried, opened
from tideover.repayment.ways.models import Intent, PayLink
from tideover.repayment.ways.once import once_key

LASTS = timedelta(days=14)
TOKEN_BYTES = 16
LONGEST_NAME, LONGEST_WORD = 40, 40
TOWARDS = ("announced", "paid")
"""States of payments that count towards what was asked for."""

_SHAPE = re.compile(r"[A-Za-z0-9_-]{10,64}")


class NoName(Refused):
    """Whoever pays must see who asks."""


class LinkHasEnded(Refused):
    """The link is past its day, was ended, or everything was paid."""


@transaction.atomic
def make_link(
    *, loan: Loan, person_id: str, amount: Money, asks: str, word: str, once: str, at: datetime
) -> PayLink:  # fmt: skip
    """A link for somebody who wants to help. The same form twice is the same link. Raises NoName, NothingToPay, MoreThanIsOpen."""
    key = once_key(person_id, once)
    if known := PayLink.objects.filter(once=key).first():
        return known
    name, said = _short(asks, LONGEST_NAME), _short(word, LONGEST_WORD)
    if not name:
        raise NoName("Write the name by which they know you.")
    if amount.minor <= 0:
        raise NothingToPay("An amount is more than nothing.")
    if amount.minor > loan.left:
        raise MoreThanIsOpen("That is more than is open. Nobody has to pay more than the whole.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made = PayLink.objects.create(
        index=blind(token), token=token, once=key, person_id=person_id, loan_id=loan.loan_id, amount=amount.minor,
        currency=amount.currency, asks=name, word=said, made_at=at, until_at=at + LASTS,
    )  # fmt: skip
    note(action="pay_link_made", by=person_actor(surrogate_of(person_id)), at=at, about=f"pay-link:{made.pk}")
    return made


@transaction.atomic
def end_link(*, person_id: str, pk: int, at: datetime) -> PayLink | None:
    """She takes it back: nobody can begin to pay by it. None where it is not hers."""
    found = PayLink.objects.select_for_update().filter(pk=pk, person_id=person_id).first()
    if found is not None and found.ended_at is None:
        found.ended_at = at
        found.save(update_fields=["ended_at"])
        note(action="pay_link_ended", by=person_actor(surrogate_of(person_id)), at=at, about=f"pay-link:{pk}")
    return found


def link_of(token: str) -> PayLink | None:
    """The link of a token, whether it is still open or not; None where there is none."""
    return PayLink.objects.filter(index=blind(token)).first() if _SHAPE.fullmatch(token) else None


def links_of(person_id: str, at: datetime) -> list[PayLink]:
    """Hers that can still be paid by, the newest first."""
    rows = PayLink.objects.filter(person_id=person_id, ended_at=None, until_at__gt=int(at.timestamp()))
    return list(rows.order_by("-pk"))


def left_of(link: PayLink) -> Money:
    """What nobody has paid yet, or said to have paid."""
    paid = Intent.objects.filter(link=link, state__in=TOWARDS).aggregate(paid=Sum("amount"))["paid"] or 0
    return Money(max(link.amount - paid, 0), link.currency)


def is_open(link: PayLink, at: datetime) -> bool:
    """Whether somebody can begin to pay by it."""
    return link.ended_at is None and at < link.until_at and left_of(link).minor > 0


@transaction.atomic
def begin_for_her(*, link: PayLink, amount: Money, way: str, once: str, at: datetime) -> Intent:
    """A payment by somebody else, all of it or a part. Raises LinkHasEnded, NothingToPay, MoreThanIsOpen, NotCarried, NotConnected."""
    key = once_key(f"link-{link.pk}", once)
    if known := Intent.objects.filter(once=key).first():
        return known
    found = PayLink.objects.select_for_update().get(pk=link.pk)
    if not is_open(found, at):
        raise LinkHasEnded("This page has ended. Ask for a new link, if you still want to help.")
    if amount.currency != found.currency or amount.minor > left_of(found).minor:
        raise MoreThanIsOpen("That is more than was asked for. Thank you; a smaller amount is enough.")
    must_be_carried(way, amount)
    made = opened(found.loan_id, amount, way, key, at, link=found)
    note(action="pay_link_used", by=SYSTEM, at=at, about=f"pay-link:{found.pk}")
    return made


def _short(text: str, most: int) -> str:
    return " ".join(cover_cards(text).split())[:most]
