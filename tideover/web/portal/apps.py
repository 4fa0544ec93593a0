from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "tideover.web.portal"
    label = "web_portal"
