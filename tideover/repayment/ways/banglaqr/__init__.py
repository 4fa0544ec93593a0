"""Bangla QR: one code for the banks and wallets of Bangladesh."""

from tideover.repayment.ways.banglaqr.transport import open_way

__all__ = ["open_way"]
