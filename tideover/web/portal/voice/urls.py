"""Addresses of these pages, under /me/."""

from __future__ import annotations

from django.urls import URLPattern, path

from tideover.web.portal.voice import advisers, agreeing, complaints, data, deaths

app_name = "voice"
urlpatterns: list[URLPattern] = [
    path("data/", data.data, name="data"),
    path("data/correct/", data.what_is_wrong, name="what_is_wrong"),
    path("data/correct/<slug:what>/", data.correct, name="correct"),
    path("data/download/", data.download, name="download"),
    path("data/erase/", data.erase, name="erase"),
    path("complain/", complaints.telling, name="complain"),
    path("complain/<int:pk>/", complaints.standing, name="complaint"),
    path("complain/<int:pk>/settle/", complaints.settle, name="settle"),
    path("death/", deaths.death, name="death"),
    path("death/close/", deaths.someone_close, name="someone_close"),
    path("adviser/", advisers.advisers, name="advisers"),
    path("adviser/new/", advisers.let_act, name="let_act"),
    path("adviser/tell/", advisers.tell, name="tell"),
    path("adviser/<int:pk>/end/", advisers.end_it, name="end"),
    path("adviser/for/<int:pk>/", advisers.acting_for, name="acting_for"),
    path("adviser/for/<int:pk>/day/", agreeing.day, name="agree_day"),
    path("adviser/for/<int:pk>/helps/", agreeing.helps, name="agree_helps"),
]
