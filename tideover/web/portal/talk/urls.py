"""Addresses of these pages, under /me/."""

from __future__ import annotations

from django.urls import URLPattern, path

from tideover.web.portal.talk import views

app_name = "talk"
urlpatterns: list[URLPattern] = [
    path("talk/", views.talk, name="talk"),
    path("talk/write/", views.writing, name="write"),
    path("talk/call/", views.calling, name="call"),
]
