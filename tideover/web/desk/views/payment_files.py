"""Files of payments from networks and payrolls: handed in, what was booked, and which rows wait and why."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tideover.access.actors import staff_actor
from tideover.access.allowed import needs
from tideover.access.clock import now
from tideover.access.roles import Power
from tideover.kit.errors import Refused
from tideover.repayment.ways.files import NotAFile, mapping_names, take_file
from tideover.repayment.ways.models import PaymentFile
from tideover.repayment.ways.taken_files import rows_aside, taken_files
from tideover.web.desk.signed_in import signed_in


@needs(Power.MATCH_MONEY)
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponseBase:
    """Every file that was taken in, and a form for the next one; the same file twice leads to what it was."""
    wrong, chosen = "", request.POST.get("from", "")
    if request.method == "POST":
        try:
            return _taken(request, chosen)
        except Refused as refused:
            wrong = str(refused)
    context = {
        "page": taken_files(request.GET.get("page")), "names": mapping_names(), "chosen": chosen, "wrong": wrong
    }  # fmt: skip
    return render(request, "desk/payment_files.html", context, status=422 if wrong else 200)


@needs(Power.MATCH_MONEY)
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: how many rows were booked, and each that was set aside."""
    found = get_object_or_404(PaymentFile, pk=pk)
    return render(request, "desk/payment_file.html", {"file": found, "rows": rows_aside(found)})


def _taken(request: HttpRequest, mapping: str) -> HttpResponseBase:
    given = request.FILES.get("file")
    if given is None or isinstance(given, list):
        raise NotAFile("Choose a file first.")
    done = take_file(mapping=mapping, data=given.read(), by=staff_actor(signed_in(request)), at=now())
    said = messages.success if done.is_new else messages.info
    said(request, f"{done.summary[0].upper()}{done.summary[1:]}.")
    return redirect("desk:payment_file", done.file)
