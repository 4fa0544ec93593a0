"""What the stories of ways to pay share."""

from tests.repayment.ways.connected import environ

__all__ = ["environ"]
