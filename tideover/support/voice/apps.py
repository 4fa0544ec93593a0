from django.apps import AppConfig


class VoiceConfig(AppConfig):
    name = "tideover.support.voice"
    label = "support_voice"
    default_auto_field = "django.db.models.BigAutoField"
