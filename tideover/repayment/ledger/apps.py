from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tideover.repayment.ledger"
    label = "repayment_ledger"
    default_auto_field = "django.db.models.BigAutoField"
