"""Money from the bank: what waits for a person, what came of each file."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from tideover.access.allowed import needs
from tideover.access.clock import now
from tideover.access.roles import Power
from tideover.repayment.statements.hands import keep_line, match_line, send_back, undo
from tideover.repayment.statements.models import StatementFile
from tideover.repayment.statements.queries import file_row, files_page, lines_for, money_page, rows_of
from tideover.web.desk.signed_in import signed_in
from tideover.web.ui.refusals import said_on

STATES = {
    "waiting": "Waits for a person",
    "kept": "Kept",
    "matched": "Matched",
    "sent_back": "Sent back",
    "returned": "Returned",
}
"""The lists of the page."""


@needs(Power.MATCH_MONEY)
@require_safe
def money(request: HttpRequest) -> HttpResponse:
    """Money that waits, the oldest first; other lists by a choice."""
    state = request.GET.get("state", "waiting")
    page, rows = money_page(state, request.GET.get("page"), signed_in(request))
    context = {"page": page, "rows": rows, "state": state if state in STATES else "waiting", "states": STATES}
    return render(request, "desk/money.html", context)


@needs(Power.MATCH_MONEY)
@require_safe
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line: what the bank told, what points where, what can be done."""
    found = get_object_or_404(lines_for(signed_in(request)), pk=pk)
    (row,) = rows_of([found], signed_in(request))
    return render(request, "desk/money_line.html", {"row": row, "typed": request.GET.get("loan", "")})


@needs(Power.MATCH_MONEY)
@require_POST
@said_on("desk:money_line", "pk")
def act(request: HttpRequest, pk: int, do: str) -> HttpResponseBase:
    """Match it, keep it, note that it went back, or undo a match."""
    staff, at = signed_in(request), now()
    found = get_object_or_404(lines_for(staff), pk=pk)
    if do == "match":
        match_line(line=found, loan=request.POST.get("loan", ""), by=staff, at=at)
        messages.success(request, "Matched. The payment stands with the loan.")
    elif do == "keep":
        keep_line(line=found, by=staff, at=at)
        messages.success(request, "Kept. You find it in the list of what is kept.")
    elif do == "send-back":
        send_back(line=found, by=staff, at=at)
        messages.success(request, "Noted. It stands as sent back to whoever paid.")
    elif do == "undo":
        undo(line=found, by=staff, at=at)
        messages.success(request, "Undone. The money waits again.")
    else:
        raise Http404
    return redirect("desk:money_line", pk)


@needs(Power.MATCH_MONEY)
@require_safe
def files(request: HttpRequest) -> HttpResponse:
    """Every file that was read, the latest first."""
    page, rows = files_page(request.GET.get("page"))
    return render(request, "desk/statements.html", {"page": page, "rows": rows})


@needs(Power.MATCH_MONEY)
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file, with counts, and where its sums do not agree."""
    return render(request, "desk/statement.html", {"row": file_row(get_object_or_404(StatementFile, pk=pk))})
