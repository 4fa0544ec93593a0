"""Addresses of these pages, under /me/."""

from __future__ import annotations

from django.urls import URLPattern, path

from tideover.web.portal.pay import for_me, mandates, paying

app_name = "pay"
urlpatterns: list[URLPattern] = [
    path("pay/", paying.start, name="start"),
    path("pay/mandates/", mandates.every, name="mandates"),
    path("pay/mandates/give/<key:loan_id>/", mandates.give_one, name="give"),
    path("pay/mandates/<key:umr>/move/", mandates.move_one, name="move"),
    path("pay/mandates/<key:umr>/<slug:do>/", mandates.act, name="act"),
    path("pay/for-me/", for_me.which, name="for_me"),
    path("pay/for-me/link/<int:pk>/", for_me.made, name="link"),
    path("pay/for-me/<key:loan_id>/", for_me.make, name="make_link"),
    path("pay/i/<slug:code>/", paying.intent, name="intent"),
    path("pay/i/<slug:code>/receipt/", paying.receipt, name="receipt"),
    path("pay/<key:loan_id>/", paying.amount, name="amount"),
    path("pay/<key:loan_id>/for/", paying.aim_of, name="aim"),
    path("pay/<key:loan_id>/way/", paying.way, name="way"),
]
