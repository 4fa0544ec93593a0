"""Addresses that stand in messages: short, and they say nothing about what they are for."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from tideover.web.portal import views
from tideover.web.portal.more import more

app_name = "portal"
PLACES = (
    "standing", "bills", "promise", "help", "pay", "doors", "tracker", "lessons", "wishes", "voice", "talk"
)  # fmt: skip
"""Each a folder with its pages."""

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/me/")),
    path("a/<str:token>", views.answer, name="answer"),
    path("u/<str:token>", views.unsubscribe, name="unsubscribe"),
    path("p/", include("tideover.web.portal.pay.payer_urls")),
    path("me/more/", more, name="more"),
    *(path("me/", include(f"tideover.web.portal.{it}.urls")) for it in PLACES),
]
