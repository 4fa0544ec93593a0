"""What was refused is said on the page that asked; translated here once, not in forty views."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from tideover.kit.errors import Refused

View = Callable[..., HttpResponseBase]


def said_on(page: str, *names: str) -> Callable[[View], View]:
    """A view whose refusals are shown on the named page, which gets the view's arguments of those names."""

    def decorate(view: View) -> View:
        @wraps(view)
        def told(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            try:
                return view(request, *args, **kwargs)
            except Refused as refused:
                messages.warning(request, str(refused))
                return HttpResponseRedirect(reverse(page, kwargs={name: kwargs[name] for name in names}))

        return told

    return decorate
