"""Text messages: by SMPP to a network or aggregator, or by HTTP to a gateway."""

from tideover.delivery.channels.sms.transport import open_channel

__all__ = ["open_channel"]
