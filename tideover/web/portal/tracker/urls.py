"""Addresses of these pages, under /me/."""

from __future__ import annotations

from django.urls import URLPattern, path

from tideover.web.portal.tracker import answering, applying, documents, terms, tracking

app_name = "tracker"
urlpatterns: list[URLPattern] = [
    path("applications/", tracking.every, name="every"),
    path("applications/new/", applying.new, name="new"),
    path("applications/<key:key>/", tracking.one, name="one"),
    path("applications/<key:key>/form/", applying.resume, name="resume"),
    path("applications/<key:key>/form/check/", applying.check, name="check"),
    path("applications/<key:key>/form/<slug:step>/", applying.question, name="question"),
    path("applications/<key:key>/documents/<slug:kind>/", documents.document, name="document"),
    path("applications/<key:key>/files/<int:pk>/", documents.file, name="file"),
    path("applications/<key:key>/answer/", answering.answer, name="answer"),
    path("applications/<key:key>/withdraw/", answering.withdrawn, name="withdraw"),
    path("applications/<key:key>/terms/", terms.terms, name="terms"),
    path("applications/<key:key>/terms/agree/", terms.agreeing, name="agree"),
    path("applications/<key:key>/terms/refuse/", terms.refusing, name="refuse"),
    path("applications/<key:key>/terms/understood/", terms.understood, name="understood"),
    path("applications/<key:key>/terms/understood/<str:name>/", terms.question, name="understood_question"),
    path("applications/<key:key>/ask/", answering.ask, name="ask"),
]
