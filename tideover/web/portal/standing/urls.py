"""Addresses of these pages, under /me/."""

from __future__ import annotations

from django.urls import URLPattern, path

from tideover.web.portal.standing.home import home
from tideover.web.portal.standing.loan import loan
from tideover.web.portal.standing.payoff import payoff
from tideover.web.portal.standing.terms import terms
from tideover.web.portal.standing.understood import question, understood
from tideover.web.portal.standing.what_if import what_if, what_if_of

app_name = "standing"
urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("loans/<key:loan_id>/", loan, name="loan"),
    path("loans/<key:loan_id>/what-if/", what_if, name="what-if"),
    path("loans/<key:loan_id>/what-if/<str:kind>/", what_if_of, name="what-if-of"),
    path("loans/<key:loan_id>/payoff/", payoff, name="payoff"),
    path("loans/<key:loan_id>/terms/", terms, name="terms"),
    path("loans/<key:loan_id>/understood/", understood, name="understood"),
    path("loans/<key:loan_id>/understood/<str:name>/", question, name="question"),
]
