from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "tideover.web.health"
    label = "web_health"
