"""One person with her whole story."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tideover.access.allowed import needs
from tideover.access.clock import now
from tideover.access.roles import Power
from tideover.book.models import Person
from tideover.web.desk.person import story_for
from tideover.web.desk.signed_in import signed_in


@needs(Power.SEE_PEOPLE)
@require_safe
def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """Facts, messages, answers, cases, and what would be decided now; not there for those of another branch."""
    staff = signed_in(request)
    found = get_object_or_404(Person.objects.visible_to(staff), pk=person_id)
    return render(request, "desk/person.html", story_for(found, staff, now()))
