from django.apps import AppConfig


class WaysConfig(AppConfig):
    name = "tideover.repayment.ways"
    label = "repayment_ways"
    default_auto_field = "django.db.models.BigAutoField"
