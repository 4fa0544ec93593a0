"""Addresses of these pages, under /me/."""

from __future__ import annotations

from django.urls import URLPattern, path

from tideover.web.portal.wishes import allowing, messages, views

app_name = "wishes"
urlpatterns: list[URLPattern] = [
    path("wishes/", views.every_wish, name="all"),
    path("wishes/allow/", allowing.every_channel, name="channels"),
    path("wishes/allow/<slug:channel>/", allowing.one_channel, name="channel"),
    path("wishes/language/", views.language, name="language"),
    path("wishes/<slug:name>/", views.one_wish, name="one"),
    path("wishes/<slug:name>/undo/", views.undo, name="undo"),
    path("messages/", messages.inbox, name="messages"),
    path("messages/<int:pk>/", messages.message, name="message"),
    path("messages/<int:pk>/why/", messages.message_why, name="why"),
]
