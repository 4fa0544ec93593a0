from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tideover.web.desk"
    label = "web_desk"
