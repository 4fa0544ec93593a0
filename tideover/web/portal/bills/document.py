"""One bill as a PDF, for her own eyes: its name says a day and nothing else."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from tideover.access.clock import now
from tideover.delivery.channels.contract import Rejected
from tideover.repayment.bills.bill import bill_of
from tideover.repayment.bills.page import pdf_of
from tideover.repayment.loans import loan_of
from tideover.repayment.terms.place import place_of
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.showing import show, words_for


@for_borrowers
def document(request: HttpRequest, loan_id: str, number: int) -> HttpResponseBase:
    """The page. Raises Http404."""
    who, at, words = signed_in(request), now(), words_for(request)
    loan, place = loan_of(loan_id, who.person_id, at), place_of(who.person_id, at)
    if loan is None or loan.may_be_told != "all":
        raise Http404
    bill = bill_of(loan, number, country=place.country, today=place.today, language=words.tag)
    if bill is None:
        raise Http404
    us = settings.SENDER
    try:
        made = pdf_of(bill, words, sender=us["public_name"] or us["name"], phone=us["phone"])
    except Rejected:
        return show(request, "portal/bills/not_now.html", {"loan": loan}, here="more", status=503)
    response = HttpResponse(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{bill.step.due_on.isoformat()}.pdf"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
