from django.apps import AppConfig


class StatementsConfig(AppConfig):
    name = "tideover.repayment.statements"
    label = "repayment_statements"
    default_auto_field = "django.db.models.BigAutoField"
