"""Money taken in person: written down, and a receipt to print."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tideover.access.allowed import needs
from tideover.access.clock import now
from tideover.access.roles import Power
from tideover.kit.amounts import read_amount
from tideover.kit.errors import Refused
from tideover.kit.money import Money
from tideover.repayment.ways.receipts import (
    cheque_bounced,
    cheque_cleared,
    currency_of,
    receipts_visible_to,
    take_cash,
)  # fmt: skip
from tideover.web.desk.signed_in import signed_in
from tideover.web.ui.refusals import said_on


@needs(Power.RECORD_FACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Cash or a cheque. What was typed stays where something is wrong with it."""
    staff = signed_in(request)
    typed = (request.POST if request.method == "POST" else request.GET).dict()
    context: dict[str, object] = {"typed": typed, "once": typed.get("once") or secrets.token_urlsafe(9)}
    if request.method == "POST":
        try:
            loan_id = typed.get("loan", "").strip()
            currency = currency_of(loan_id, staff)
            made = take_cash(
                loan_id=loan_id, amount=Money(read_amount(typed.get("amount", ""), currency, locale="en"), currency), by=staff,
                at=now(), once=typed.get("once", ""), kind=typed.get("kind", ""), cheque_number=typed.get("cheque", "").strip(),
            )  # fmt: skip
            return redirect("desk:payment", made.pk)
        except Refused as refused:
            context |= {"wrong": str(refused)}
    return render(request, "desk/new_payment.html", context, status=422 if "wrong" in context else 200)


@needs(Power.RECORD_FACTS)
@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper that is handed over; not there for those of another branch."""
    found = get_object_or_404(receipts_visible_to(signed_in(request)), pk=pk)
    return render(request, "desk/payment_receipt.html", {"receipt": found, "amount": found.money})


@needs(Power.RECORD_FACTS)
@require_POST
@said_on("desk:payment", "pk")
def act(request: HttpRequest, pk: int, do: str) -> HttpResponseBase:
    """A cheque was cleared, or it bounced."""
    staff = signed_in(request)
    found = get_object_or_404(receipts_visible_to(staff), pk=pk)
    if do == "cleared":
        cheque_cleared(receipt=found, by=staff, at=now())
        messages.success(request, "Cleared. It counts now.")
    elif do == "bounced":
        cheque_bounced(receipt=found, by=staff, at=now())
        messages.success(request, "Written down. Talk with her before anything else follows.")
    else:
        raise Http404
    return redirect("desk:payment", pk)
