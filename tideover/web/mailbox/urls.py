"""Pages of the local mailbox, below /mailbox/."""

from __future__ import annotations

from django.urls import path

from tideover.web.mailbox import views

app_name = "mailbox"
urlpatterns = [
    path("", views.messages_list, name="list"),
    path("<int:pk>/", views.message, name="message"),
    path("<int:pk>/mail", views.mail, name="mail"),
    path("<int:pk>/reply", views.reply, name="reply"),
    path("<int:pk>/paid", views.paid, name="paid"),
    path("<int:pk>/again", views.again, name="again"),
]
