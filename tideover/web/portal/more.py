"""Everything else she can do, on one page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from tideover.web.portal.door import for_borrowers
from tideover.web.portal.showing import show

MORE = (
    ("bills", "/me/bills/"), ("tracker", "/me/applications/"), ("wishes", "/me/wishes/"), ("data", "/me/data/"),
    ("ways", "/me/pay/mandates/"), ("complain", "/me/complain/"), ("death", "/me/death/"), ("adviser", "/me/adviser/"),
    ("lessons", "/me/lessons/"), ("check", "/me/check/"), ("talk", "/me/talk/"),
)  # fmt: skip


@for_borrowers
def more(request: HttpRequest) -> HttpResponseBase:
    """The list of it."""
    return show(request, "portal/more.html", {"places": MORE}, here="more")
