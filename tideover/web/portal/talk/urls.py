"""Addresses of these pages, under /me/."""

from __future__ import annotations

from django.urls import URLPattern, path

from tideover.web.portal.talk.views import talk

app_name = "talk"
urlpatterns: list[URLPattern] = [path("talk/", talk, name="talk")]
