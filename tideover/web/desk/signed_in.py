"""Pages that any member of staff may ask for; what they see there goes by their role and branches."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

from tideover.access.allowed import staff_of
from tideover.access.models import Staff

View = Callable[..., HttpResponseBase]


def for_staff(view: View) -> View:
    """Strangers sign in first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if staff_of(request) is None:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return guarded


def signed_in(request: HttpRequest) -> Staff:
    """Who is signed in; behind `for_staff` or `needs` somebody always is."""
    staff = staff_of(request)
    if staff is None:
        raise LookupError("a page of staff was opened without anybody signed in")
    return staff
