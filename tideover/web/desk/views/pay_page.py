"""On the phone: her own pay page is sent to her, ready with the amount. Nobody says or hears a card number."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from tideover.access.allowed import needs
from tideover.access.clock import now
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.models import Person
from tideover.kit.amounts import read_amount
from tideover.kit.errors import Refused
from tideover.kit.money import Money
from tideover.repayment.loans import Loan
from tideover.repayment.ways.phone import ask_to_pay_by_link
from tideover.repayment.ways.receipts import NoSuchLoan
from tideover.repayment.ways.whose import payable
from tideover.strategy.models import Decision
from tideover.web.desk.readable import leaving
from tideover.web.desk.signed_in import signed_in


@needs(Power.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, person_id: str) -> HttpResponseBase:
    """Which loan and how much; a press sends it. What was typed stays where something is wrong with it."""
    staff, at = signed_in(request), now()
    person = get_object_or_404(Person.objects.visible_to(staff), pk=person_id)
    loans = payable(person.pk, at)
    typed, wrong = (request.POST if request.method == "POST" else request.GET).dict(), ""
    if request.method == "POST":
        try:
            sent = _sent(person, loans, typed, staff)
            messages.success(request, leaving(sent))
            return redirect("desk:person", person.pk)
        except Refused as refused:
            wrong = str(refused)
    context = {
        "person": person, "name": person.name or person.pk, "wrong": wrong, "typed": typed,
        "once": typed.get("once") or secrets.token_urlsafe(9), "rows": [_row(it) for it in loans],
    }  # fmt: skip
    return render(request, "desk/pay_page.html", context, status=422 if wrong else 200)


def _sent(person: Person, loans: tuple[Loan, ...], typed: dict[str, str], staff: Staff) -> Decision:
    loan = next((it for it in loans if it.loan_id == typed.get("loan")), None)
    if loan is None:
        raise NoSuchLoan("Choose one of the loans.")
    amount = Money(read_amount(typed.get("amount", ""), loan.currency, locale="en"), loan.currency)
    return ask_to_pay_by_link(
        person_id=person.pk, loan_id=loan.loan_id, amount=amount, agent=staff, at=now(), once=typed.get("once", "")
    )  # fmt: skip


def _row(loan: Loan) -> dict[str, object]:
    step = loan.next_one
    return {
        "loan": loan, "next": loan.money(step.left if step else 0), "on": step.due_on if step else None, "left": loan.money(loan.left),
    }  # fmt: skip
