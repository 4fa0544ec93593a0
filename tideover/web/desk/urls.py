"""Pages of staff, below /desk/."""

from __future__ import annotations

from django.urls import path

from tideover.web.desk.views import (
    applications,
    cases,
    corrections,
    pay_page,
    payment_files,
    payments,
    people,
    releases,
    reported,
    statements,
    stop,
    today,
    voice,
)

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("rows/<slug:what>/", today.rows, name="rows"),
    path("report", today.report, name="report"),
    path("queue/", cases.queue, name="queue"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/write", cases.write, name="write"),
    path("cases/<int:pk>/answer-complaint", voice.answer_complaint, name="answer_complaint"),
    path("cases/<int:pk>/death/<slug:do>", voice.see_to_death, name="see_to_death"),
    path("cases/<int:pk>/<slug:do>", cases.act, name="act"),
    path("applications/", applications.applications, name="applications"),
    path("applications/<str:key>/", applications.application, name="application"),
    path("applications/<str:key>/files/<int:pk>/", applications.file, name="application_file"),
    path("applications/<str:key>/<slug:do>", applications.act, name="act_on_application"),
    path("people/<str:person_id>/", people.person, name="person"),
    path("payments/new", payments.new, name="new_payment"),
    path("payments/<int:pk>/", payments.receipt, name="payment"),
    path("payments/<int:pk>/<slug:do>", payments.act, name="act_on_payment"),
    path("people/<str:person_id>/pay-page", pay_page.send, name="pay_page"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<slug:pk>/", releases.release, name="release"),
    path("releases/<slug:pk>/<slug:do>", releases.act, name="act_on_release"),
    path("money/", statements.money, name="money"),
    path("money/<int:pk>/", statements.line, name="money_line"),
    path("money/<int:pk>/<slug:do>", statements.act, name="act_on_money"),
    path("statements/", statements.files, name="statements"),
    path("statements/<int:pk>/", statements.file, name="statement"),
    path("payment-files/", payment_files.files, name="payment_files"),
    path("payment-files/<int:pk>/", payment_files.file, name="payment_file"),
    path("stop/", stop.stop, name="stop"),
    path("reported/", reported.reported, name="reported"),
    path("corrections/", corrections.every, name="corrections"),
    path("corrections/new", corrections.new, name="new_correction"),
    path("corrections/<int:pk>/", corrections.one, name="correction"),
    path("corrections/<int:pk>/<slug:do>", corrections.act, name="act_on_correction"),
]
