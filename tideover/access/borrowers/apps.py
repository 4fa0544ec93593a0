from django.apps import AppConfig


class BorrowersConfig(AppConfig):
    name = "tideover.access.borrowers"
    label = "access_borrowers"
    default_auto_field = "django.db.models.BigAutoField"
