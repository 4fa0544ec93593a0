"""What staff do about a complaint and about a death that was told."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from tideover.access.allowed import needs
from tideover.access.clock import now
from tideover.access.roles import Power
from tideover.support.models import Case
from tideover.support.voice.answering import answer
from tideover.support.voice.deaths import condole, found, mistaken
from tideover.support.voice.models import Complaint, DeathTold
from tideover.web.desk.signed_in import signed_in
from tideover.web.ui.refusals import said_on


@needs(Power.ANSWER)
@require_POST
@said_on("desk:case", "pk")
def answer_complaint(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The answer with its reasons, and what is done to put it right."""
    staff = signed_in(request)
    case = get_object_or_404(Case.objects.visible_to(staff), pk=pk)
    complaint = get_object_or_404(Complaint, case=case)
    answer(
        complaint=complaint, decided=request.POST.get("decided", ""), words=request.POST.get("words", ""),
        redress=request.POST.get("redress", ""), key=request.POST.get("key", "")[:40] or f"complaint-{complaint.pk}", by=staff,
        at=now(),
    )  # fmt: skip
    messages.success(request, "Answered. She sees it on her page, and it was sent where a way is open.")
    return redirect("desk:case", pk)


@needs(Power.ANSWER)
@require_POST
@said_on("desk:case", "pk")
def see_to_death(request: HttpRequest, pk: int, do: str) -> HttpResponseBase:
    """Say who has died, let the one letter go, or put a mistake right."""
    staff, at = signed_in(request), now()
    case = get_object_or_404(Case.objects.visible_to(staff), pk=pk)
    death = get_object_or_404(DeathTold, case=case)
    if do == "found":
        found(death=death, person_id=request.POST.get("person", "").strip()[:200], by=staff, at=at)
        messages.success(request, "Everything to this person has stopped.")
    elif do == "condole":
        sent = condole(death=death, by=staff, at=at)
        messages.success(request, f"The letter leaves by {sent.channel}.")
    elif do == "mistaken":
        mistaken(death=death, by=staff, at=at)
        messages.success(request, "What rested for it goes on as before.")
    else:
        raise Http404
    return redirect("desk:case", pk)
