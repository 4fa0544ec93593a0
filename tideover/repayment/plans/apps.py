from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "tideover.repayment.plans"
    label = "repayment_plans"
    default_auto_field = "django.db.models.BigAutoField"
