"""E-mail, handed to the lender's own relay over SMTP."""

from tideover.delivery.channels.email.transport import open_channel

__all__ = ["open_channel"]
