"""Erasing a person: asked on her page, agreed by somebody else on the page of wishes, and then done."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tideover.access.allowed import may, needs
from tideover.access.clock import now
from tideover.access.models import Request, Staff
from tideover.access.roles import Power
from tideover.book.models import Person
from tideover.delivery.privacy.agreeing import (
    WHY,
    agree_to_erase,
    ask_to_erase,
    turn_down_erasure,
    wish_for,
    wishes,
)
from tideover.kit.errors import Refused
from tideover.web.desk.erasures import standing, stays, told
from tideover.web.desk.signed_in import for_staff, signed_in
from tideover.web.ui.refusals import said_on


@needs(Power.ERASE_SUBJECT)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, person_id: str) -> HttpResponseBase:
    """What goes, what stays and until when; then why, and the wish."""
    staff, at, wrong = signed_in(request), now(), ""
    person = get_object_or_404(Person.objects.visible_to(staff), pk=person_id)
    if request.method == "POST":
        try:
            ask_to_erase(person_id=person.pk, why=request.POST.get("why", ""), by=staff, at=at)
            messages.success(request, "Asked. Nothing goes until somebody else agrees.")
            return redirect("desk:erase", person.pk)
        except Refused as refused:
            wrong = str(refused)
    wish = wish_for(person.pk, at)
    context = {
        "person": person, "name": person.name or person.pk, "wrong": wrong, "reasons": WHY, "stays": stays(at), "at": at,
        "wishes": told([wish], staff) if wish else [],
    }  # fmt: skip
    return render(request, "desk/erase.html", context, status=422 if wrong else 200)


@for_staff
@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """Every wish that stands, for whoever asks for such and whoever agrees to them."""
    staff, at = _one_of_two(request), now()
    context = {"wishes": standing(staff, at), "stays": stays(at), "at": at}
    return render(request, "desk/erasures.html", context)


@for_staff
@require_POST
@said_on("desk:erasures")
def act(request: HttpRequest, pk: int, do: str) -> HttpResponseBase:
    """Agree, and she is erased; or turn it down."""
    staff, at = _one_of_two(request), now()
    wish = get_object_or_404(wishes(at), pk=pk)
    if do == "agree":
        _erased(request, wish, staff)
    elif do == "turn-down":
        turn_down_erasure(request=wish, by=staff, at=at)
        messages.success(request, "Nothing was erased.")
    else:
        raise Http404
    return redirect("desk:erasures")


def _erased(request: HttpRequest, wish: Request, staff: Staff) -> None:
    for sentence in agree_to_erase(request=wish, by=staff, at=now()).said:
        messages.success(request, sentence)


def _one_of_two(request: HttpRequest) -> Staff:
    staff = signed_in(request)
    if not (may(staff, Power.ERASE_SUBJECT) or may(staff, Power.APPROVE_ERASURE)):
        raise PermissionDenied
    return staff
