"""A transfer to the lender's own account."""

from tideover.repayment.ways.transfer.transport import open_way

__all__ = ["open_way"]
