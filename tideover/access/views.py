"""Pages of one's own account: the one-time link, and where somebody lands after signing in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tideover.access.actions import LinkSpent, invitation_of, join, sign_out_everywhere
from tideover.access.allowed import staff_of
from tideover.access.clock import now
from tideover.access.forms import JoinForm
from tideover.access.roles import POWERS, SAYS, Role


@never_cache
@sensitive_post_parameters("password")
def join_page(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing, so that mail scanners may; sending the form uses it."""
    try:
        invitation = invitation_of(token, now())
        form = JoinForm(request.POST or None, staff=invitation.staff)
        if form.is_valid():
            join(token=token, password=form.cleaned_data["password"], at=now())
            return redirect("account_login")
    except LinkSpent as spent:
        return render(request, "access/link_spent.html", {"why": str(spent)}, status=410)
    return render(request, "access/join.html", {"form": form, "name": invitation.staff.name})


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here and what I may do."""
    staff = staff_of(request)
    if staff is None:
        return redirect("account_login")
    powers = sorted(SAYS[it] for it in POWERS[Role(staff.role)])
    return render(request, "access/account.html", {"staff": staff, "powers": powers})


@login_required
@require_POST
def sign_out_all(request: HttpRequest) -> HttpResponse:
    """End all my sessions, this one too."""
    staff = staff_of(request)
    if staff is not None:
        sign_out_everywhere(staff=staff, by=staff, at=now())
    return redirect("account_login")
