"""Addresses for somebody who pays for her, under /p/."""

from __future__ import annotations

from django.urls import URLPattern, path

from tideover.web.portal.pay import payer

app_name = "payer"
urlpatterns: list[URLPattern] = [
    path("<str:token>", payer.asked, name="asked"),
    path("<str:token>/way/", payer.way, name="way"),
    path("<str:token>/i/<slug:code>/", payer.intent, name="intent"),
    path("<str:token>/i/<slug:code>/thanks/", payer.thanks, name="thanks"),
]
