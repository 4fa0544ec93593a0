"""Letters: a PDF in the folder from which a print house takes them."""

from tideover.delivery.channels.letter.transport import open_channel

__all__ = ["open_channel"]
