from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "tideover.book.applications"
    label = "book_applications"
    default_auto_field = "django.db.models.BigAutoField"
