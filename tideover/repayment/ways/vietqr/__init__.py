"""VietQR: a transfer at once to an account at any Vietnamese bank."""

from tideover.repayment.ways.vietqr.transport import open_way

__all__ = ["open_way"]
