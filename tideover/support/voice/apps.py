from django.apps import AppConfig


class VoiceConfig(AppConfig):
    name = "tideover.support.voice"
    label = "support_voice"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """It says how it forgets somebody who is erased, and what a stop from a page stops."""
        from tideover.delivery.answers import EFFECTS  # noqa: PLC0415 - its models come with it, which is too early above
        from tideover.delivery.privacy.elsewhere import KEEPERS, Keeper  # noqa: PLC0415
        from tideover.support.voice.forgetting import forget  # noqa: PLC0415
        from tideover.support.voice.stopped_on_a_page import or_on_a_page  # noqa: PLC0415

        KEEPERS["powers to act"] = Keeper(forget)
        EFFECTS["stop"] = or_on_a_page(EFFECTS["stop"])
