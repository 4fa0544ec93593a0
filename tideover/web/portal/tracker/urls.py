"""Addresses of these pages, under /me/."""

from __future__ import annotations

from django.urls import URLPattern, path

from tideover.web.portal.tracker import answering, applying, documents, terms, tracking

app_name = "tracker"
urlpatterns: list[URLPattern] = [
    path("applications/", tracking.every, name="every"),
    path("applications/new/", applying.new, name="new"),
    path("applications/<str:key>/", tracking.one, name="one"),
    path("applications/<str:key>/form/", applying.resume, name="resume"),
    path("applications/<str:key>/form/check/", applying.check, name="check"),
    path("applications/<str:key>/form/<slug:step>/", applying.question, name="question"),
    path("applications/<str:key>/documents/<slug:kind>/", documents.document, name="document"),
    path("applications/<str:key>/files/<int:pk>/", documents.file, name="file"),
    path("applications/<str:key>/answer/", answering.answer, name="answer"),
    path("applications/<str:key>/withdraw/", answering.withdrawn, name="withdraw"),
    path("applications/<str:key>/terms/", terms.terms, name="terms"),
    path("applications/<str:key>/terms/agree/", terms.agreeing, name="agree"),
    path("applications/<str:key>/terms/refuse/", terms.refusing, name="refuse"),
    path("applications/<str:key>/terms/understood/", terms.understood, name="understood"),
    path("applications/<str:key>/terms/understood/<str:name>/", terms.question, name="understood_question"),
    path("applications/<str:key>/ask/", answering.ask, name="ask"),
]
