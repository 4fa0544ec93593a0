"""The inbox in the portal: a message is delivered by being kept."""

from tideover.delivery.channels.app.transport import open_channel

__all__ = ["open_channel"]
