"""The work queue: what waits for a person, taken, given back, closed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from tideover.access.allowed import may, needs
from tideover.access.clock import now
from tideover.access.roles import Power
from tideover.support.actions import close, give_back, take
from tideover.support.models import KINDS, Case
from tideover.support.queries import queue_page
from tideover.support.replying import draft, reply
from tideover.support.resting import may_go_on
from tideover.support.voice.complaining import needs_no_answer
from tideover.web.desk.case import case_for
from tideover.web.desk.readable import leaving
from tideover.web.desk.signed_in import signed_in
from tideover.web.ui.refusals import said_on


@needs(Power.SEE_PEOPLE)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, danger first, then by date."""
    staff, wanted = signed_in(request), request.GET.dict()
    page, rows = queue_page(staff, wanted, request.GET.get("page"), now().date())
    context = {"page": page, "rows": rows, "wanted": wanted, "kinds": KINDS, "me": str(staff.pk)}
    return render(request, "desk/queue.html", {**context, "may_act": may(staff, Power.ANSWER)})


@needs(Power.SEE_PEOPLE)
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case, with what was said by both."""
    staff = signed_in(request)
    found = get_object_or_404(Case.objects.visible_to(staff), pk=pk)
    return render(
        request, "desk/case.html", case_for(found, staff, now(), start=request.GET.get("start", ""))
    )


@needs(Power.ANSWER)
@require_POST
@said_on("desk:case", "pk")
def write(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Look at a reply as she would read it, or let it go."""
    staff, text = signed_in(request), request.POST.get("text", "")
    found = get_object_or_404(Case.objects.visible_to(staff), pk=pk)
    if request.POST.get("do") == "send":
        sent = reply(case=found, text=text, key=request.POST.get("key", ""), by=staff, at=now())
        messages.success(request, leaving(sent))
        return redirect("desk:case", pk)
    drafted = draft(case=found, text=text, by=staff, at=now())
    return render(request, "desk/case.html", case_for(found, staff, now(), drafted=drafted))


@needs(Power.ANSWER)
@require_POST
@said_on("desk:case", "pk")
def act(request: HttpRequest, pk: int, do: str) -> HttpResponseBase:
    """Take it, give it back, or close it."""
    staff = signed_in(request)
    found = get_object_or_404(Case.objects.visible_to(staff), pk=pk)
    if do == "take":
        take(case=found, by=staff, at=now())
    elif do == "give-back":
        give_back(case=found, by=staff, at=now())
    elif do == "close":
        needs_no_answer(found)
        close(
            case=found,
            outcome=request.POST.get("outcome", ""),
            words=request.POST.get("note", ""),
            rest="ends" if request.POST.get("rest") == "ends" else "goes_on",
            by=staff,
            at=now(),
        )
        messages.success(request, "Closed. Thank you.")
        return redirect("desk:queue")
    else:
        raise Http404
    return redirect("desk:case", pk)


@needs(Power.LIFT_HOLD)
@require_POST
@said_on("desk:case", "pk")
def go_on(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What rests because of this case ends: a mistake is put right, or it may go on."""
    staff = signed_in(request)
    found = get_object_or_404(Case.objects.visible_to(staff), pk=pk)
    may_go_on(case=found, by=staff, at=now(), only=request.POST.get("only", "")[:200])
    messages.success(request, "What rested for it goes on as before.")
    return redirect("desk:case", pk)
