"""Addresses of these pages, under /me/."""

from __future__ import annotations

from django.urls import URLPattern, path

from tideover.web.portal.lessons import views

app_name = "lessons"
urlpatterns: list[URLPattern] = [
    path("lessons/", views.every, name="every"),
    path("lessons/<slug:code>/", views.one, name="one"),
]
