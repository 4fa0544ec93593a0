"""Who may act for her: she gives it, sees it, and ends it with one press."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from tideover.access.clock import now
from tideover.support.voice.models import PowerToAct
from tideover.support.voice.powers_to_act import KINDS, MAY, end_power, give_power, powers_of
from tideover.web.portal.door import for_borrowers, for_proven, signed_in
from tideover.web.portal.forms import plain
from tideover.web.portal.showing import show

MONTHS = (1, 3, 12)
PAGE = "portal/voice/adviser.html"


@require_http_methods(["GET", "HEAD", "POST"])
@for_proven
def mine(request: HttpRequest) -> HttpResponseBase:
    """Those who may, and the form to let one more."""
    borrower, at = signed_in(request), now()
    about: dict[str, object] = {
        "powers": powers_of(borrower.person_id, at), "kinds": KINDS, "may": MAY, "months": MONTHS, "done": request.GET.get("done", "")
    }  # fmt: skip
    if request.method != "POST":
        return show(request, PAGE, about, here="more")
    name, reach = plain(request.POST.get("name", ""))[:200], plain(request.POST.get("reach", ""))[:200]
    may = [it for it in request.POST.getlist("may") if it in MAY]
    if not name or not reach or not may:
        return show(
            request, PAGE, {**about, "is_empty": True, "name": name, "reach": reach}, here="more", status=422
        )
    months, kind = request.POST.get("months", ""), request.POST.get("kind", "")
    until = at.date() + timedelta(days=30 * (int(months) if months in map(str, MONTHS) else MONTHS[0]))
    give_power(
        person_id=borrower.person_id,
        kind=kind if kind in KINDS else KINDS[0],
        name=name,
        reach=reach,
        may=may,
        until_on=until,
        at=at,
    )
    return HttpResponseRedirect("/me/adviser/?done=given")


@require_POST
@for_borrowers
def end(request: HttpRequest, pk: int) -> HttpResponseBase:
    """It is over from now on."""
    borrower = signed_in(request)
    found = PowerToAct.objects.filter(pk=pk, person_id=borrower.person_id).first()
    if found is not None:
        end_power(power=found, at=now())
    return HttpResponseRedirect("/me/adviser/?done=ended")
