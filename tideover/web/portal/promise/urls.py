"""Addresses of these pages, under /me/."""

from __future__ import annotations

from django.urls import URLPattern, path

from tideover.web.portal.leading import LINK_PAGES
from tideover.web.portal.promise import views
from tideover.web.portal.promise.from_link import day_from_link

app_name = "promise"
LINK_PAGES["promise"] = day_from_link
urlpatterns: list[URLPattern] = [
    path("promise/", views.choose, name="choose"),
    path("promise/<int:promise_id>/", views.chosen, name="chosen"),
    path("promise/<int:promise_id>/undo/", views.undo, name="undo"),
    path("promise/<int:promise_id>/reminder.ics", views.calendar, name="calendar"),
]
