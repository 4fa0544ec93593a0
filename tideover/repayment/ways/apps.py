from django.apps import AppConfig


class WaysConfig(AppConfig):
    name = "tideover.repayment.ways"
    label = "repayment_ways"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """It says how it forgets somebody who is erased."""
        from tideover.delivery.privacy.elsewhere import KEEPERS, Keeper  # noqa: PLC0415 - its models come with it, which is too early above
        from tideover.repayment.ways.debits.forgetting import forget, may_go  # noqa: PLC0415

        KEEPERS["debits"] = Keeper(forget, may_go)
