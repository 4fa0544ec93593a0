"""Addresses that machines ask."""

from __future__ import annotations

from django.urls import path

from tideover.web.health import views

urlpatterns = [
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("metrics", views.metrics),
]
