"""What a person does with money that waits: say whose it is, keep it, note that it went back, undo a match."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tideover.access.actors import staff_actor
from tideover.access.allowed import require
from tideover.access.audit import Plain, note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.models import Person
from tideover.book.newest import newest_one
from tideover.book.surrogates import surrogate_of
from tideover.kit.errors import Refused
from tideover.repayment import ledger
from tideover.repayment.statements.booking import book_as_begun, payment, payment_of
from tideover.repayment.statements.claims import money_was_found
from tideover.repayment.statements.models import MOVES, STATES, StatementLine
from tideover.repayment.ways.references import loan_of_reference


class NotThere(Refused):
    """The book knows no such loan, or it is of a branch that others look after."""


class NotNow(Refused):
    """The line is in a state from which this cannot be done."""


def loan_named(text: str, *, by: Staff) -> str:
    """The loan that somebody typed, by its reference or its key. Raises NotThere."""
    told = text.strip()
    loan = loan_of_reference(told) or told
    terms = newest_one("loans", loan_id=loan) if loan else None
    if terms is None or not Person.objects.visible_to(by).filter(pk=terms.borrower_id).exists():
        raise NotThere("No loan of that reference or key is known in your branches. Look at it again.")
    return loan


@transaction.atomic
def match_line(*, line: StatementLine, loan: str, by: Staff, at: datetime) -> StatementLine:
    """This money is for that loan. Raises NotAllowed, NotThere, NotNow, and what the ledger refuses."""
    found = _held(line, "matched", by)
    loan_id = loan_named(loan, by=by)
    if found.amount <= 0:
        raise NotNow("This money went out. Only money that came in pays a loan.")
    found.loan_id, found.why = loan_id, "person"
    if not book_as_begun(found, at=at):
        _book(found, by, at)
    money_was_found([(loan_id, found.booked_on)], at=at)
    return _kept(found, "money_matched", by, at)


def _book(line: StatementLine, by: Staff, at: datetime) -> None:
    if line.payment_id:
        ledger.match(payment_id=line.payment_id, loan_id=line.loan_id, at=at, by=_by(by))
        return
    line.payment_id = payment_of(line)
    ledger.book_many([payment(line)], at=at)


@transaction.atomic
def keep_line(*, line: StatementLine, by: Staff, at: datetime) -> StatementLine:
    """Nobody can say whose it is yet: it stays on the account of such money and is asked about no more."""
    return _kept(_held(line, "kept", by), "money_kept", by, at)


@transaction.atomic
def send_back(*, line: StatementLine, by: Staff, at: datetime) -> StatementLine:
    """It was sent back to whoever paid. Raises NotAllowed, NotNow."""
    found = _held(line, "sent_back", by)
    if found.amount <= 0 or not found.payment_id:
        raise NotNow("Only money that came in, and that the ledger has, can go back.")
    ledger.refund(
        payment_id=found.payment_id, refund_id=f"{found.payment_id}.back", amount=found.money, at=at, because="sent_back"
    )  # fmt: skip
    return _kept(found, "money_sent_back", by, at)


@transaction.atomic
def undo(*, line: StatementLine, by: Staff, at: datetime) -> StatementLine:
    """It was matched, or kept, by mistake: it waits again, and nothing of the payment is left with the loan."""
    about = _owner_of(line.loan_id)
    found = _held(line, "waiting", by)
    if found.loan_id:
        _of_her_branch(found.loan_id, by)
        ledger.reverse(payment_id=found.payment_id, because="matched_wrongly", at=at)
        found.tries += 1
        found.loan_id, found.payment_id = "", payment_of(found)
        ledger.book_many([payment(found)], at=at)
        found.why = "undone"
    return _kept(found, "match_undone", by, at, about=about)


def _held(line: StatementLine, state: str, by: Staff) -> StatementLine:
    require(by, Power.MATCH_MONEY)
    found = StatementLine.objects.select_for_update().filter(pk=line.pk).first()
    if found is None or state not in MOVES[found.state]:
        is_now = STATES[found.state] if found else "It is gone."
        raise NotNow(f"Somebody was quicker, or this cannot be done with it. As it stands: {is_now}")
    found.state = state
    return found


def _of_her_branch(loan_id: str, by: Staff) -> None:
    loan_named(loan_id, by=by)


def _owner_of(loan_id: str) -> str:
    terms = newest_one("loans", loan_id=loan_id) if loan_id else None
    return surrogate_of(terms.borrower_id) if terms else ""


def _by(staff: Staff) -> str:
    actor = staff_actor(staff)
    return f"{actor.kind}:{actor.id}"


def _kept(line: StatementLine, action: str, by: Staff, at: datetime, *, about: str = "") -> StatementLine:
    line.moved_at, line.by = at, _by(by)
    line.save()
    detail: dict[str, Plain] = {"line": line.pk, "amount": line.amount, "currency": line.currency}
    her = about or _owner_of(line.loan_id)
    note(action=action, by=staff_actor(by), at=at, about=her, detail=detail)
    return line
