"""Money taken in person: counted receipts, cash booked at once, a cheque on its way until it is cleared."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from tideover.access.actors import staff_actor
from tideover.access.allowed import require
from tideover.access.audit import note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.models import Person
from tideover.book.newest import newest_one
from tideover.kit.cards import cover_cards
from tideover.kit.errors import Refused
from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.ledger import Payment
from tideover.repayment.ways.arriving import as_begun, expected, gave_way
from tideover.repayment.ways.models import BranchReceipt
from tideover.repayment.ways.once import once_key

KINDS = ("cash", "cheque")
_CHEQUE = re.compile(r"[0-9A-Za-z\-/]{0,32}")


class NoSuchLoan(Refused):
    """No loan of that number is of a person whom this member of staff may see."""


class NotTaken(Refused):
    """The amount, the kind or the cheque's number cannot be right."""


@transaction.atomic
def take_cash(
    *, loan_id: str, amount: Money, by: Staff, at: datetime, once: str, kind: str = "cash", cheque_number: str = ""
) -> BranchReceipt:  # fmt: skip
    """Write money down and number its receipt. The same form twice is one receipt. Raises NotAllowed, NoSuchLoan, NotTaken."""
    require(by, Power.RECORD_FACTS)
    if known := BranchReceipt.objects.filter(once=once_key(by.pk, once)).first():
        return known
    person = _whose(loan_id, by)
    if kind not in KINDS or amount.minor <= 0:
        raise NotTaken("Choose cash or cheque, and write an amount of more than nothing.")
    if (
        cover_cards(cheque_number) != cheque_number
        or not _CHEQUE.fullmatch(cheque_number)
        or (kind == "cheque" and not cheque_number)
    ):
        raise NotTaken("Write the number of the cheque.")
    place = _next(person.branch)
    made = BranchReceipt.objects.create(
        number=f"{person.branch or 'main'}-{place:06}", branch=person.branch, place=place, once=once_key(by.pk, once),
        loan_id=loan_id, person_id=person.pk, kind=kind, cheque_number=cheque_number if kind == "cheque" else "",
        amount=amount.minor, currency=amount.currency, taken_by=str(by.pk), taken_at=at,
    )  # fmt: skip
    if kind == "cash":
        _book(made, at)
    else:
        ledger.announce(
            payment_id=made.payment_id, loan_id=loan_id, amount=amount, way="cheque", at=at, by=str(by.pk), source="branch"
        )  # fmt: skip
    note(
        action=f"{kind}_taken",
        by=staff_actor(by),
        at=at,
        about=f"receipt:{place}",
        detail={"receipt": made.pk},
    )
    return made


@transaction.atomic
def cheque_cleared(*, receipt: BranchReceipt, by: Staff, at: datetime) -> BranchReceipt:
    """The bank has paid it. Raises NotAllowed, NotTaken."""
    found = _waiting(receipt, by)
    found.cleared_at = at
    _book(found, at)
    return _noted(found, "cheque_cleared", by, at)


@transaction.atomic
def cheque_bounced(*, receipt: BranchReceipt, by: Staff, at: datetime) -> BranchReceipt:
    """The bank has not paid it. Raises NotAllowed, NotTaken."""
    found = _waiting(receipt, by)
    found.bounced_at = at
    ledger.reverse(payment_id=found.payment_id, because="cheque_bounced", at=at)
    return _noted(found, "cheque_bounced", by, at)


def receipts_visible_to(user: Staff) -> QuerySet[BranchReceipt]:
    """Receipts of people whom this member of staff may see."""
    return BranchReceipt.objects.filter(
        person_id__in=Person.objects.visible_to(user).values("person_id")
    ).order_by("-pk")


def currency_of(loan_id: str, by: Staff) -> str:
    """The currency of a loan that this member of staff may see. Raises NoSuchLoan."""
    _whose(loan_id, by)
    row = newest_one("loans", loan_id=loan_id)
    return str(row.currency) if row else ""


def _whose(loan_id: str, by: Staff) -> Person:
    row = newest_one("loans", loan_id=loan_id)
    found = Person.objects.visible_to(by).filter(pk=row.borrower_id).first() if row else None
    if found is None:
        raise NoSuchLoan("There is no loan of this number in your branches. Look at the number once more.")
    return found


def _next(branch: str) -> int:
    """The next number of a branch. Two at once collide on the unique pair, and the later form is sent again."""
    return (BranchReceipt.objects.filter(branch=branch).aggregate(last=Max("place"))["last"] or 0) + 1


def _book(receipt: BranchReceipt, at: datetime) -> None:
    """As she said what it is for, where she chose the counter on her page."""
    (begun,) = expected([(receipt.loan_id, receipt.money, receipt.taken_at.date())], ways=("branch",))
    payment = Payment(
        receipt.payment_id, receipt.money, receipt.taken_at, receipt.kind, receipt.loan_id, "branch"
    )
    ledger.book_many([as_begun(payment, begun)], at=at)
    gave_way([begun] if begun else [], at=at)


def _waiting(receipt: BranchReceipt, by: Staff) -> BranchReceipt:
    require(by, Power.RECORD_FACTS)
    found = receipts_visible_to(by).select_for_update().filter(pk=receipt.pk).first()
    if found is None or found.kind != "cheque" or found.cleared_at or found.bounced_at:
        raise NotTaken("This is no cheque that waits to be cleared.")
    return found


def _noted(receipt: BranchReceipt, action: str, by: Staff, at: datetime) -> BranchReceipt:
    receipt.save(update_fields=["cleared_at", "bounced_at"])
    note(action=action, by=staff_actor(by), at=at, about=f"receipt:{receipt.place}")
    return receipt
