"""Addresses of these pages, under /me/."""

from __future__ import annotations

from django.urls import URLPattern, path

from tideover.web.portal.doors import check, demo, passkeys, push, pwa, views

app_name = "doors"
urlpatterns: list[URLPattern] = [
    path("sign-in/", views.sign_in_page, name="sign_in"),
    path("code/", views.code_page, name="code"),
    path("which/", views.which_page, name="which"),
    path("prove/", views.prove_page, name="prove"),
    path("sign-out/", views.sign_out_page, name="sign_out"),
    path("language/", views.language_page, name="language"),
    path("check/", check.check_page, name="check"),
    path("check/report/", check.report_page, name="report"),
    path("devices/", passkeys.mine, name="devices"),
    path("devices/<int:pk>/drop/", passkeys.drop, name="drop_device"),
    path("passkey/new/", passkeys.new, name="new_passkey"),
    path("passkey/made/", passkeys.made, name="made_passkey"),
    path("passkey/asked/", passkeys.asked, name="asked_passkey"),
    path("passkey/used/", passkeys.used, name="used_passkey"),
    path("push/allow/", push.allow, name="allow_push"),
    path("push/back/", push.take_back, name="take_back_push"),
    path("as/<key:person_id>/", demo.come_in_as, name="as"),
    path("offline/", pwa.offline, name="offline"),
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("sw.js", pwa.worker, name="worker"),
]
