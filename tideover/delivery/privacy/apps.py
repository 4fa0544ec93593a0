from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "tideover.delivery.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tideover.book.here import WHO_IS_OUT  # noqa: PLC0415 - models are loaded first
        from tideover.delivery.privacy.journal import was_erased  # noqa: PLC0415

        WHO_IS_OUT.append(was_erased)
