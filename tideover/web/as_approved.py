"""Before each page: the lender's own lists and messages count as they were approved, in whichever process that was."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tideover.delivery.words import speak_as_approved

WITHOUT_DATABASE = "tideover.web.health"
"""Whether the process is up is told without asking the database."""


class AsApprovedMiddleware:
    """One question a page for lenders with content of their own, none for others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, _: HttpRequest, view: Callable[..., HttpResponse], *__: object) -> None:
        if not view.__module__.startswith(WITHOUT_DATABASE):
            speak_as_approved()
