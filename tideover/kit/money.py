"""Money: whole minor units beside a currency. Sums never mix currencies and never lose a unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel.numbers import get_currency_precision, list_currencies

from tideover.kit.errors import Refused
from tideover.kit.nearest import did_you_mean

LARGEST = 2**63 - 1  # amounts are int64 on disk and in the engine
_MOST_DIGITS = 20


class UnclearAmount(Refused):
    """An amount that cannot be read in exactly one way, or that its currency cannot hold."""


class UnknownCurrency(Refused):
    """No such currency."""


class MixedCurrencies(Refused):
    """Amounts of two currencies in one sum."""


@cache
def decimals(currency: str) -> int:
    """How many decimals the currency has: 0 (VND), 2 (EUR) or 3 (KWD). Codes are upper case."""
    known = list_currencies()
    if currency not in known:
        raise UnknownCurrency(f"There is no currency {currency!r}.{did_you_mean(currency, known)}")
    return get_currency_precision(currency)


def minor_of(amount: Decimal | int, currency: str) -> int:
    """In minor units, exactly: Decimal("12.50") EUR is 1250. What does not fit is refused, not rounded."""
    exact = Decimal(amount)
    if not exact.is_finite() or exact.adjusted() > _MOST_DIGITS:
        raise UnclearAmount(f"{amount} is not an amount of money.")
    minor = int(exact.scaleb(decimals(currency)))
    if abs(minor) > LARGEST:
        raise UnclearAmount(f"{amount} {currency} is more money than can be kept.")
    if decimal_of(minor, currency) != exact:
        raise UnclearAmount(
            f"{amount} {currency} is too exact: {currency} has {decimals(currency)} decimals."
        )
    return minor


def decimal_of(minor: int, currency: str) -> Decimal:
    """The amount in major units, with all decimals of its currency: 1250 EUR is Decimal("12.50")."""
    places = decimals(currency)
    digits = tuple(int(digit) for digit in str(abs(minor)).rjust(places + 1, "0"))
    return Decimal((int(minor < 0), digits, -places))


@dataclass(frozen=True)
class Money:
    """An amount of one currency. Adding or comparing two currencies is refused."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        decimals(self.currency)

    @property
    def decimal(self) -> Decimal:
        """In major units."""
        return decimal_of(self.minor, self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def split(self, parts: int) -> tuple[Money, ...]:
        """Parts that add up to the whole and differ by at most one minor unit; larger ones come first."""
        if parts < 1:
            raise ValueError(f"An amount can be split into 1 part or more, not {parts}.")
        share, left = divmod(abs(self.minor), parts)
        sign = -1 if self.minor < 0 else 1
        return tuple(Money(sign * (share + (place < left)), self.currency) for place in range(parts))

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise MixedCurrencies(f"{self.currency} and {other.currency} cannot be added or compared.")
        return other.minor
