"""Notifications on a phone or browser, by web push."""

from tideover.delivery.channels.push.transport import open_channel

__all__ = ["open_channel"]
