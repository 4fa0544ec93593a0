"""Addresses that stand in messages: short, and they say nothing about what they are for."""

from __future__ import annotations

from django.urls import path

from tideover.web.portal import views

app_name = "portal"
urlpatterns = [
    path("a/<str:token>", views.answer, name="answer"),
    path("u/<str:token>", views.unsubscribe, name="unsubscribe"),
]
