"""What can go wrong with money, in words for whoever told it."""

from __future__ import annotations

from tideover.kit.errors import Refused


class NotAnAmount(Refused):
    """More than nothing, and no more than can be meant."""


class WrongCurrency(Refused):
    """A loan is paid in its own currency."""


class ToldDifferently(Refused):
    """The same event was told before, with other values."""


class PaysAnotherLoan(Refused):
    """The payment is known, and pays another loan."""


class NoSuchLoan(Refused):
    """The book does not know this loan."""


class DoesNotAddUp(Refused):
    """A new schedule must repay just what is still lent."""


class MoreThanIsOpen(Refused):
    """Only what is open can be let go, and only credit can go back."""


class NotInTheContract(Refused):
    """A charge that the contract does not name, or above what it names."""


class ChargesRest(Refused):
    """While a hold stops fees, or a plan is kept, nothing is charged for being late."""
