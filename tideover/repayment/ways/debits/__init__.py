"""Direct debit: told before, never where it would hurt, once again at most."""

from tideover.repayment.ways.debits.collecting import collect
from tideover.repayment.ways.debits.coming_back import returned, settled

__all__ = ["collect", "returned", "settled"]
