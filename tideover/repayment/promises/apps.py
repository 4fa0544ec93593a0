from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "tideover.repayment.promises"
    label = "repayment_promises"
    default_auto_field = "django.db.models.BigAutoField"
