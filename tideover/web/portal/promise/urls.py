"""Addresses of these pages, under /me/."""

from __future__ import annotations

from django.urls import URLPattern, path

from tideover.web.portal.promise import views

app_name = "promise"
urlpatterns: list[URLPattern] = [
    path("promise/", views.choose, name="choose"),
    path("promise/<int:promise_id>/", views.chosen, name="chosen"),
    path("promise/<int:promise_id>/undo/", views.undo, name="undo"),
    path("promise/<int:promise_id>/reminder.ics", views.calendar, name="calendar"),
]
