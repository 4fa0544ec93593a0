"""Pages of sign-in, below /staff/. Of allauth's pages only those that staff need."""

from __future__ import annotations

from allauth.account import views as allauth_views
from django.urls import include, path

from tideover.access import views

urlpatterns = [
    path("sign-in/", allauth_views.login, name="account_login"),
    path("sign-out/", allauth_views.logout, name="account_logout"),
    path("sign-in/again/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("sign-in/off/", allauth_views.account_inactive, name="account_inactive"),
    path("password/", allauth_views.password_change, name="account_change_password"),
    path("second-step/", include("allauth.mfa.urls")),
    path("join/<str:token>/", views.join_page, name="staff_join"),
    path("account/", views.account, name="staff_account"),
    path("account/sign-out-everywhere/", views.sign_out_all, name="staff_sign_out_everywhere"),
]
