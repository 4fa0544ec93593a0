"""A complaint: made in any words, seen where it stands, answered, and settled or looked at again."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tideover.access.clock import now
from tideover.repayment.loans import loans_of
from tideover.support.voice.clocks import clock_of, next_step_until
from tideover.support.voice.complaining import (
    NotHers,
    NothingSaid,
    NotPossible,
    complain,
    complaints_of,
    content,
    not_content,
)
from tideover.support.voice.models import ABOUT, Complaint
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.showing import show, words_for
from tideover.web.portal.voice.asked import once, once_of, typed

FIELDS = ("said", "about", "loan", "wish")


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def telling(request: HttpRequest) -> HttpResponseBase:
    """In her own words; nothing else is needed."""
    at, her = now(), signed_in(request).person_id
    if request.method != "POST":
        return _form(
            request, {"about": request.GET.get("about", "other"), "loan": request.GET.get("loan", "")}
        )
    told = typed(request, *FIELDS)
    try:
        made = complain(
            person_id=her, said=told["said"], wish=told["wish"], about=told["about"] or "other", loan_id=told["loan"], at=at,
            once=once_of(request), language=words_for(request).tag,
        )  # fmt: skip
    except NothingSaid:
        return _form(request, told, status=422)
    except NotHers:
        raise Http404 from None
    return HttpResponseRedirect(f"/me/complain/{made.pk}/?told")


@for_borrowers
@require_safe
def standing(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Where it stands, by when there is an answer, and who looks at it after us."""
    found = _hers(request, pk)
    clock = clock_of(found.country, settings.CONTENT)
    about = {
        "it": found, "is_new": "told" in request.GET, "law": clock.reference if clock.status == "law" else (), "next": clock.next_step,
        "next_until": next_step_until(clock, (found.answered_at or now()).date()), "state": f"voice.complain.{found.state}",
        "decided": f"voice.complain.{found.decided}" if found.decided else "", "made_on": found.made_at.date(),
    }  # fmt: skip
    return show(request, "portal/voice/complaint.html", about, here="more")


@for_borrowers
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Whether the answer settles it for her."""
    found, at, her = _hers(request, pk), now(), signed_in(request).person_id
    try:
        if request.POST.get("settles") == "yes":
            content(complaint=found, person_id=her, at=at)
        else:
            not_content(complaint=found, person_id=her, at=at, why=typed(request, "why")["why"])
    except NotPossible:
        pass  # pressed twice: the page shows how it stands
    return HttpResponseRedirect(f"/me/complain/{pk}/")


def _form(request: HttpRequest, told: dict[str, str], status: int = 200) -> HttpResponseBase:
    her, at = signed_in(request).person_id, now()
    before = [(it.pk, it.made_at.date(), f"voice.complain.{it.state}") for it in complaints_of(her)]
    about = {
        "told": told, "abouts": [(it, f"voice.complain.{it}") for it in ABOUT], "before": before, "once": once(),
        "loans": [(it.loan_id, it.product) for it in loans_of(her, at)], "wrong": status != 200,
    }  # fmt: skip
    return show(request, "portal/voice/complain.html", about, here="more", status=status)


def _hers(request: HttpRequest, pk: int) -> Complaint:
    found = Complaint.objects.filter(pk=pk, person_id=signed_in(request).person_id).first()
    if found is None:
        raise Http404
    return found
