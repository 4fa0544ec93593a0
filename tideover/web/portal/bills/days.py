"""Her due days in the calendar of her own phone."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_safe

from tideover.access.clock import now
from tideover.book.models import FACTS
from tideover.engine.message import spoken_on_pages
from tideover.repayment.bills.calendar import calendar_of, feed_of, hand_out, person_behind, revoke
from tideover.web.portal.door import for_borrowers, quiet, signed_in
from tideover.web.portal.showing import page_words, show

HERE = "/me/calendar/"


@for_borrowers
def calendar(request: HttpRequest) -> HttpResponseBase:
    """The address, handed out at a press and ended at another."""
    who, at = signed_in(request), now()
    if request.method == "POST":
        if "end" in request.POST:
            revoke(person_id=who.person_id, at=at)
        else:
            hand_out(person_id=who.person_id, at=at)
        return HttpResponseRedirect(HERE)
    known = calendar_of(who.person_id)
    address = f"{settings.PUBLIC_URL}{HERE}{known.token}.ics" if known else ""
    subscribe = f"webcal://{address.partition('://')[2]}" if address else ""
    return show(
        request, "portal/bills/calendar.html", {"address": address, "subscribe": subscribe}, here="more"
    )


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """For the calendar program: it signs in nowhere, the address is the key. Raises Http404."""
    at = now()
    person = person_behind(token)
    if person is None:
        raise Http404
    rows = FACTS["borrowers"].objects.filter(borrower_id=person, recorded_at__lte=at)
    language = rows.order_by("recorded_at", "id").values_list("language", flat=True).last()
    made = feed_of(person, spoken_on_pages(page_words(), language), at=at)
    response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="days.ics"'
    return quiet(response)
