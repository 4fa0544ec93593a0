"""Addresses of these pages, under /me/."""

from __future__ import annotations

from django.urls import URLPattern, path

from tideover.web.portal.help import agreeing, views

app_name = "help"
urlpatterns: list[URLPattern] = [
    path("help/", views.why, name="why"),
    path("help/confide/", views.confidence, name="confide"),
    path("help/budget/", views.budget, name="budget"),
    path("help/options/", views.options, name="options"),
    path("help/options/<key:key>/", agreeing.option, name="option"),
    path("help/plans/<int:plan_id>/", agreeing.plan, name="plan"),
    path("help/plans/<int:plan_id>/undo/", agreeing.undo_plan, name="undo"),
    path("help/review/", agreeing.review, name="review"),
]
