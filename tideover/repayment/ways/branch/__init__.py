"""Cash or a cheque at a branch, with a receipt on the spot."""

from tideover.repayment.ways.branch.transport import open_way

__all__ = ["open_way"]
