"""Card and wallet on Stripe's own page: no card number ever passes here."""

from tideover.repayment.ways.card.transport import open_way

__all__ = ["open_way"]
