"""Addresses that providers post to."""

from __future__ import annotations

from django.urls import path

from tideover.web.incoming import views

urlpatterns = [
    path("in/sms", views.sms, name="incoming_sms"),
    path("in/pay/<slug:way>", views.pay, name="incoming_pay"),
]
