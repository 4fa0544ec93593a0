"""Find a person; one person with her whole story."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tideover.access.allowed import needs
from tideover.access.clock import now
from tideover.access.roles import Power
from tideover.book.finding import known_by
from tideover.book.models import Person
from tideover.kit.errors import Refused
from tideover.kit.phones import phone_of
from tideover.kit.text import ascii_digits
from tideover.web.desk.person import story_for
from tideover.web.desk.signed_in import signed_in
from tideover.web.portal.doors.whose import country_here

SHOWN = 50


@needs(Power.SEE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponseBase:
    """By a key, a loan, a whole name or an address. It is posted, so that no log of addresses keeps whom somebody looked for."""
    typed = request.POST.get("q", "").strip()[:200]
    found = known_by([typed, _number(typed)], signed_in(request))[: SHOWN + 1] if typed else []
    people = list(found)
    if len(people) == 1:
        return redirect("desk:person", people[0].pk)
    context = {"typed": typed, "people": people[:SHOWN], "has_more": len(people) > SHOWN}
    return render(request, "desk/find.html", context)


def _number(typed: str) -> str:
    """A phone number as it is kept; empty where it is none."""
    try:
        return phone_of(ascii_digits(typed), country_here())
    except Refused:
        return ""


@needs(Power.SEE_PEOPLE)
@require_safe
def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """Facts, messages, answers, cases, and what would be decided now; not there for those of another branch."""
    staff = signed_in(request)
    found = get_object_or_404(Person.objects.visible_to(staff), pk=person_id)
    return render(request, "desk/person.html", story_for(found, staff, now()))
