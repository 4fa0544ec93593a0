"""A visit by a field officer: what is sent is a task."""

from tideover.delivery.channels.visit.transport import open_channel

__all__ = ["open_channel"]
