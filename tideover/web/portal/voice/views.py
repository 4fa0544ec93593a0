"""Say that something is wrong, or that somebody has died, in any words."""

from __future__ import annotations

import secrets

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from tideover.access.borrowers.session import borrower_of
from tideover.access.clock import now
from tideover.kit.errors import Refused
from tideover.repayment.loans import loans_of
from tideover.support.voice.clocks import next_body
from tideover.support.voice.complaints import complain, complaints_of, not_settled, withdraw
from tideover.support.voice.death import tell_death
from tideover.support.voice.models import Complaint
from tideover.web.portal.door import for_borrowers, quiet, signed_in
from tideover.web.portal.doors.check import may_ask
from tideover.web.portal.forms import MOST, plain
from tideover.web.portal.showing import show

FORM = "portal/voice/complain.html"


@require_http_methods(["GET", "HEAD", "POST"])
@for_borrowers
def complain_page(request: HttpRequest) -> HttpResponseBase:
    """What is wrong, about which loan, and what would put it right."""
    borrower, at = signed_in(request), now()
    loans = loans_of(borrower.person_id, at)
    about: dict[str, object] = {
        "loans": loans, "once": secrets.token_urlsafe(9), "complaints": complaints_of(borrower.person_id)
    }  # fmt: skip
    if request.method != "POST":
        return show(request, FORM, about, here="more")
    text, wish = plain(request.POST.get("text", ""))[:MOST], plain(request.POST.get("wish", ""))[:MOST]
    loan = next((it.loan_id for it in loans if it.loan_id == request.POST.get("loan")), "")
    try:
        made = complain(
            person_id=borrower.person_id, text=text, wish=wish, loan_id=loan, at=at, is_dispute=request.POST.get("what") == "dispute",
            once=f"{borrower.person_id}-{request.POST.get('once', '')[:40]}",
        )  # fmt: skip
    except Refused:
        return show(
            request, FORM, {**about, "typed": text, "wished": wish, "is_empty": True}, here="more", status=422
        )
    return HttpResponseRedirect(f"/me/complaints/{made.pk}/")


@for_borrowers
def complaint_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """How far it is, by when we answer, and our answer."""
    found = _hers(request, pk)
    is_new = found.state in ("open", "acknowledged")
    about = {
        "it": found,
        "is_open": is_new,
        "next_body": next_body(found.basis),
        "key": f"voice.state.{found.state}",
    }
    return show(request, "portal/voice/complaint.html", about, here="more")


@require_POST
@for_borrowers
def act(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take it back, or say that the answer does not settle it."""
    found, at = _hers(request, pk), now()
    try:
        if request.POST.get("do") == "withdraw":
            withdraw(complaint=found, at=at)
        else:
            not_settled(complaint=found, text=plain(request.POST.get("text", ""))[:MOST], at=at)
    except Refused:
        pass  # somebody was quicker; the page says how it stands
    return HttpResponseRedirect(f"/me/complaints/{pk}/")


@require_http_methods(["GET", "HEAD", "POST"])
def death_page(request: HttpRequest) -> HttpResponseBase:
    """Told once, by whoever tells it. The answer is the same whether or not we know of whom it is said."""
    at = now()
    if request.method != "POST":
        return quiet(
            show(
                request,
                "portal/voice/death.html",
                {"once": secrets.token_urlsafe(9), "done": "done" in request.GET},
            )
        )
    given = {it: plain(request.POST.get(it, ""))[:300] for it in ("who", "reference", "teller", "reach")}
    if not given["who"] and not given["reference"]:
        about = {**given, "once": secrets.token_urlsafe(9), "is_empty": True}
        return quiet(show(request, "portal/voice/death.html", about, status=422))
    if may_ask(request, "death"):
        tell_death(**given, at=at, once=request.POST.get("once", "")[:60] or secrets.token_urlsafe(9))
    return HttpResponseRedirect("/me/death/?done")


def _hers(request: HttpRequest, pk: int) -> Complaint:
    known = borrower_of(request, now())
    found = Complaint.objects.filter(pk=pk, person_id=known.person_id if known else "").first()
    if found is None:
        raise Http404
    return found
