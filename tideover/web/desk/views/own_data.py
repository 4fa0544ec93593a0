"""Everything we keep about a person, packed to be handed to her."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from tideover.access.actors import staff_actor
from tideover.access.allowed import needs
from tideover.access.clock import now
from tideover.access.roles import Power
from tideover.book.models import Person
from tideover.delivery.privacy.exporting import export_subject
from tideover.web.desk.signed_in import signed_in

FILE = "her-data.zip"


@needs(Power.EXPORT_SUBJECT)
@require_POST
def hand_out(request: HttpRequest, person_id: str) -> HttpResponseBase:
    """One file; who took it stands in the trail. It is not kept here."""
    staff = signed_in(request)
    person = get_object_or_404(Person.objects.visible_to(staff), pk=person_id)
    with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        (path,) = export_subject(person.pk, Path(folder) / FILE, at=now(), by=staff_actor(staff))
        packed = path.read_bytes()
    response = HttpResponse(packed, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE}"'
    response.headers["Cache-Control"] = "no-store"
    return response
