"""UPI, India: an app opens by a link or scans a code."""

from tideover.repayment.ways.upi.transport import open_way

__all__ = ["open_way"]
