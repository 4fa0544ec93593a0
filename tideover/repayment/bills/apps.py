from django.apps import AppConfig


class BillsConfig(AppConfig):
    name = "tideover.repayment.bills"
    label = "repayment_bills"
    default_auto_field = "django.db.models.BigAutoField"
