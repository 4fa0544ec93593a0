"""Iran: a bill identifier and a payment identifier, paid in any bank app, at any machine, by phone."""

from tideover.repayment.ways.bill_id.transport import open_way

__all__ = ["open_way"]
