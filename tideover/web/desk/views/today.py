"""The day: what was decided, what became of it, what stood in the way. From each number to its rows."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tideover.access.allowed import may, needs, staff_of
from tideover.access.clock import now
from tideover.access.roles import Power
from tideover.book.scopes import Scope, scope_of
from tideover.strategy.day import last_night
from tideover.strategy.reports import report_of
from tideover.strategy.telling import secret_codes
from tideover.web.desk.day import day_of, rows_of
from tideover.web.desk.signed_in import for_staff
from tideover.web.ui.refusals import said_on

REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The report is one file that brings its styles with it."""


def _scope(request: HttpRequest) -> Scope:
    found = scope_of(staff_of(request))
    if found is None:
        raise PermissionDenied
    return found


@for_staff
@require_safe
def today(request: HttpRequest) -> HttpResponseBase:
    """Everything on one page, as of now. Whoever manages staff reads no numbers; their desk begins with the accounts."""
    staff = staff_of(request)
    if may(staff, Power.MANAGE_STAFF):
        return redirect("desk:staff")
    day = day_of(_scope(request), now(), hidden=secret_codes(staff))
    return render(request, "desk/today.html", {"day": day, "may_report": may(staff, Power.SEE_REPORTS)})


@for_staff
@require_safe
def rows(request: HttpRequest, what: str) -> HttpResponse:
    """The people behind one number."""
    scope = _scope(request)
    if not scope.opens_rows:
        raise PermissionDenied
    hidden, code = secret_codes(staff_of(request)), request.GET.get("is", "")
    found = rows_of(scope, what, code, request.GET.get("page"), now(), hidden=hidden)
    return render(request, "desk/rows.html", {"found": found, "page": found.page, "scope": scope})


@needs(Power.SEE_REPORTS)
@require_safe
@said_on("desk:today")
def report(request: HttpRequest) -> HttpResponseBase:
    """The full report of the last night."""
    run = last_night()
    if run is None:
        return redirect("desk:today")
    return HttpResponse(report_of(run), headers={"Content-Security-Policy": REPORT_POLICY})
