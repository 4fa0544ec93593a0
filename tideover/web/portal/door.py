"""Pages for somebody who is signed in; strangers sign in first and come back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from tideover.access.borrowers.session import Borrower, borrower_of, seen, sign_out
from tideover.access.clock import now
from tideover.book.models import Person

View = Callable[..., HttpResponseBase]
SIGN_IN = "/me/sign-in/"
PROVE = "/me/prove/"


def for_borrowers(view: View) -> View:
    """A page of hers: nobody else's eyes, no cache, no address passed on."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        at = now()
        known = _who(request, at)
        if known is None:
            return _to(SIGN_IN, request)
        seen(request, known, at)
        return quiet(view(request, *args, **kwargs))

    return guarded


def for_proven(view: View) -> View:
    """A page that moves money or changes an address: she shows once more who she is."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        at = now()
        known = _who(request, at)
        if known is not None and not known.is_proven(at):
            return _to(PROVE, request)
        return for_borrowers(view)(request, *args, **kwargs)

    return guarded


def _who(request: HttpRequest, at: datetime) -> Borrower | None:
    """Who is signed in and still in the book: the session of somebody who was erased ends."""
    known = borrower_of(request, at)
    if known is not None and not Person.objects.filter(pk=known.person_id).exists():
        sign_out(request)
        return None
    return known


def signed_in(request: HttpRequest) -> Borrower:
    """Who is signed in; behind `for_borrowers` somebody always is."""
    known = borrower_of(request, now())
    if known is None:
        raise LookupError("a page of a borrower was opened without anybody signed in")
    return known


def quiet(response: HttpResponseBase) -> HttpResponseBase:
    """The page goes into no cache and no index, and its address to nobody."""
    if isinstance(response, HttpResponse):
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _to(page: str, request: HttpRequest) -> HttpResponseRedirect:
    """There, and back to this page afterwards; what was typed into a form is lost, so only pages are come back to."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else _form_page(request)
    return HttpResponseRedirect(f"{page}?{urlencode({'next': back})}")


def _form_page(request: HttpRequest) -> str:
    """The page on which the form stood that was sent here."""
    place = urlsplit(request.headers.get("Referer", ""))
    return place.path if place.path.startswith("/me/") else "/me/"
