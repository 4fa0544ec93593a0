from django.apps import AppConfig


class MailboxConfig(AppConfig):
    name = "tideover.web.mailbox"
    label = "web_mailbox"
