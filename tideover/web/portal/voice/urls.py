"""Addresses of these pages, under /me/."""

from __future__ import annotations

from django.urls import URLPattern, path

from tideover.web.portal.voice import advisers, views

app_name = "voice"
urlpatterns: list[URLPattern] = [
    path("complain/", views.complain_page, name="complain"),
    path("complaints/<int:pk>/", views.complaint_page, name="complaint"),
    path("complaints/<int:pk>/act/", views.act, name="act"),
    path("death/", views.death_page, name="death"),
    path("adviser/", advisers.mine, name="adviser"),
    path("adviser/<int:pk>/end/", advisers.end, name="end_power"),
]
