"""Where a request comes from, and to which page of hers it wants to go on."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

HOME = "/me/"


def address_from(request: HttpRequest) -> str:
    """The address of the network that asks, past the proxies that are ours."""
    return str(get_adapter(request).get_client_ip(request) or "")


def next_page(request: HttpRequest) -> str:
    """Where to go afterwards: one of our own pages of hers."""
    asked = request.POST.get("next") or request.GET.get("next") or HOME
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith(HOME)
    return asked if is_ours else HOME
