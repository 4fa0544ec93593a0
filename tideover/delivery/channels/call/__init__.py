"""A call by a person: what is sent is a task."""

from tideover.delivery.channels.call.transport import open_channel

__all__ = ["open_channel"]
