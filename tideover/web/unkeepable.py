"""Before each page: no database is asked for what none can keep. A NUL comes from a broken program, never from a person."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

NUL = "\0"
MACHINES = "api/"
"""What speaks with machines says by itself what it cannot read."""


class UnkeepableMiddleware:
    """Nothing is at an address with a NUL, and what is asked or typed with one is not taken."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *_: object) -> None:
        if request.resolver_match and request.resolver_match.route.startswith(MACHINES):
            return
        if NUL in request.path:
            raise Http404
        # Whoever looks after its own token has its own way of reading the body, too.
        is_read = not getattr(view, "csrf_exempt", False)
        if _holds_one(request.GET) or (is_read and _holds_one(request.POST)):
            raise BadRequest


def _holds_one(typed: QueryDict) -> bool:
    return any(NUL in text for name, texts in typed.lists() for text in (name, *texts))
