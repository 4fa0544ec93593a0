"""In a demo of people who do not exist, anybody may look at the pages of any of them. Elsewhere there is no such door."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_POST

from tideover.access.borrowers.session import sign_in
from tideover.access.clock import now
from tideover.book.newest import newest_one
from tideover.web.portal.showing import words_for


@require_POST
def come_in_as(request: HttpRequest, person_id: str) -> HttpResponseBase:
    """Her pages, as she would see them."""
    known = newest_one("borrowers", borrower_id=person_id)
    if not settings.DEMO or settings.IS_PRODUCTION or known is None:
        raise Http404
    sign_in(request, person_id, language=known.language or words_for(request).tag, how="demo", at=now())
    return HttpResponseRedirect("/me/")
