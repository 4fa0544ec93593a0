"""Addresses of these pages, under /me/."""

from __future__ import annotations

from django.urls import URLPattern, path

from tideover.web.portal.wishes import data, messages, views

app_name = "wishes"
urlpatterns: list[URLPattern] = [
    path("wishes/", views.wishes, name="wishes"),
    path("wishes/switch/<slug:name>/", views.switch, name="switch"),
    path("wishes/kind/<slug:name>/", views.kind, name="kind"),
    path("wishes/<slug:name>/", views.choose, name="choose"),
    path("messages/", messages.messages, name="messages"),
    path("messages/<int:pk>/", messages.message, name="message"),
    path("data/", data.data, name="data"),
    path("data/download/", data.download, name="download"),
    path("data/<slug:what>/", data.ask, name="ask"),
]
