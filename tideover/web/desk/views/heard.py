"""On the phone or at the door: what somebody said is written down, and counts at once."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from tideover.access.allowed import needs
from tideover.access.clock import now
from tideover.access.roles import Power
from tideover.book.models import Person
from tideover.kit.errors import Refused
from tideover.support.heard import HEARD, STOPPABLE, write_down
from tideover.web.desk.signed_in import signed_in


@needs(Power.RECORD_FACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def heard(request: HttpRequest, person_id: str) -> HttpResponseBase:
    """What was said, and in her words where that helps. What was typed stays where something is wrong with it."""
    staff = signed_in(request)
    person = get_object_or_404(Person.objects.visible_to(staff), pk=person_id)
    typed, stops, wrong = request.POST.dict(), request.POST.getlist("stops"), ""
    once = typed.get("once") or secrets.token_urlsafe(9)
    if request.method == "POST":
        try:
            write_down(
                person_id=person.pk, kind=typed.get("kind", ""), words=typed.get("words", ""), stops=stops, by=staff, at=now(),
                once=once,
            )  # fmt: skip
            messages.success(request, "Written down. It counts from now on.")
            return redirect("desk:person", person.pk)
        except Refused as refused:
            wrong = str(refused)
    context = {
        "person": person, "name": person.name or person.pk, "wrong": wrong, "typed": typed, "stops": stops, "once": once,
        "kinds": HEARD, "stoppable": STOPPABLE,
    }  # fmt: skip
    return render(request, "desk/heard.html", context, status=422 if wrong else 200)
