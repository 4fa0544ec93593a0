"""Addresses of these pages, under /me/."""

from __future__ import annotations

from django.urls import URLPattern, path

from tideover.web.portal.bills.days import calendar, feed
from tideover.web.portal.bills.document import document
from tideover.web.portal.bills.listed import bills, choose

app_name = "bills"
urlpatterns: list[URLPattern] = [
    path("bills/", bills, name="bills"),
    path("bills/choose/", choose, name="choose"),
    path("bills/<key:loan_id>/<int:number>.pdf", document, name="document"),
    path("calendar/", calendar, name="calendar"),
    path("calendar/<str:token>.ics", feed, name="feed"),
]
