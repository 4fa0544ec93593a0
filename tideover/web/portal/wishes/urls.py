"""Addresses of these pages, under /me/."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "wishes"
urlpatterns: list[URLPattern] = []
