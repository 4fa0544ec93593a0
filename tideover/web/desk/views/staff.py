"""Accounts of staff, for those who manage them: who is there, what each may do, off and on, a fresh link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypedDict

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tideover.access.actions import change_role, invite, invite_again, switch_off, switch_on, unlock
from tideover.access.allowed import needs
from tideover.access.clock import now
from tideover.access.models import Staff
from tideover.access.roles import Power, Role, role_called
from tideover.access.standing import sees, state_of
from tideover.kit.errors import Refused
from tideover.web.desk.signed_in import signed_in
from tideover.web.ui.refusals import said_on

A_PAGE = 100
DO: Mapping[str, tuple[Callable[..., object], str]] = {
    "off": (switch_off, "Switched off. Every session ended."),
    "on": (switch_on, "The account works again."),
    "unlock": (unlock, "What wrong tries had locked is open."),
}
"""Each thing that one press does to an account, and what is said once it is done."""


@needs(Power.MANAGE_STAFF)
@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """Every account: role, what it sees, whether it works."""
    page = Paginator(Staff.objects.order_by("name", "pk"), A_PAGE).get_page(request.GET.get("page"))
    rows = [(it, sees(it), state_of(it)) for it in page]
    return render(request, "desk/staff.html", {"page": page, "rows": rows})


@needs(Power.MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Make an account; its link is shown this once."""
    context: dict[str, object] = {"roles": list(Role), "typed": request.POST}
    if request.method == "POST":
        told = request.POST
        try:
            made, token = invite(
                email=told.get("email", ""), name=told.get("name", ""), role=role_called(told.get("role", "")),
                by=signed_in(request), at=now(), **_branches(request),
            )  # fmt: skip
        except Refused as refused:
            context |= {"wrong": str(refused)}
        else:
            return _linked(request, made, token)
    return render(request, "desk/new_staff.html", context)


@needs(Power.MANAGE_STAFF)
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One account and what can be done about it. Nobody does it to their own."""
    found = get_object_or_404(Staff, pk=pk)
    context = {
        "member": found, "sees": sees(found), "state": state_of(found), "roles": list(Role),
        "branches": ", ".join(found.branches), "is_own": found.pk == signed_in(request).pk,
    }  # fmt: skip
    return render(request, "desk/staff_member.html", context)


@needs(Power.MANAGE_STAFF)
@require_POST
@said_on("desk:staff_member", "pk")
def act(request: HttpRequest, pk: int, do: str) -> HttpResponseBase:
    """Another role, off, on, unlocked, or a fresh link, which is shown this once."""
    found, by, at = get_object_or_404(Staff, pk=pk), signed_in(request), now()
    if do == "link":
        return _linked(request, found, invite_again(staff=found, by=by, at=at))
    if do == "role":
        role = role_called(request.POST.get("role", ""))
        change_role(staff=found, role=role, by=by, at=at, **_branches(request))
        messages.success(request, "Changed. Every session ended.")
    elif do in DO:
        verb, said = DO[do]
        verb(staff=found, by=by, at=at)
        messages.success(request, said)
    else:
        raise Http404
    return redirect("desk:staff_member", pk)


def _linked(request: HttpRequest, member: Staff, token: str) -> HttpResponse:
    link = f"{settings.PUBLIC_URL}/staff/join/{token}/"
    return render(request, "desk/staff_link.html", {"member": member, "link": link})


class _Branches(TypedDict):
    branches: list[str]
    sees_every_branch: bool


def _branches(request: HttpRequest) -> _Branches:
    """As they are typed: with commas, or every one."""
    return {
        "branches": request.POST.get("branches", "").split(","),
        "sees_every_branch": request.POST.get("every_branch") == "yes",
    }
