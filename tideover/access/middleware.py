"""Between sign-in and every page of staff: a second step is set up before anything else is shown."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tideover.access.allowed import staff_of
from tideover.access.models import Staff
from tideover.access.second_step import has_second_step

SETTING_UP = frozenset(
    {
        "account_logout", "account_login", "account_reauthenticate", "account_inactive", "mfa_index",
        "mfa_activate_totp", "mfa_add_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    }
)  # fmt: skip
"""The pages that somebody without a second step may see."""
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class SecondStepMiddleware:
    """Sends a member of staff without a second step to set one up; keeps their pages out of shared caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if _staff(request):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        staff = _staff(request)
        if staff is None or has_second_step(staff):
            return None
        name = request.resolver_match.url_name if request.resolver_match else None
        return None if name in SETTING_UP else HttpResponseRedirect(reverse("mfa_index"))


def _staff(request: HttpRequest) -> Staff | None:
    """Who is signed in, without opening a session for those who have none."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return staff_of(request)
