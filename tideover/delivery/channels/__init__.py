"""How messages leave. A channel is a folder here, or a package that names itself under `tideover.channels`."""

from tideover.delivery.channels.contract import (
    Accepted,
    Busy,
    BusyReason,
    Channel,
    ChannelError,
    Limits,
    MayLeave,
    Outgoing,
    Rejected,
    RejectedKind,
    Session,
    TooLate,
    Unknown,
    Withdrawn,
)
from tideover.delivery.channels.register import NotConnected, channel_names, open_channel

__all__ = [
    "Accepted",
    "Busy",
    "BusyReason",
    "Channel",
    "ChannelError",
    "Limits",
    "MayLeave",
    "NotConnected",
    "Outgoing",
    "Rejected",
    "RejectedKind",
    "Session",
    "TooLate",
    "Unknown",
    "Withdrawn",
    "channel_names",
    "open_channel",
]
