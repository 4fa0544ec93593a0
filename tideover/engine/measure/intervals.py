"""How sure a number is: 95 % intervals of means, shares and their differences.

Newcombe's hybrid score interval for a difference of shares: Statistics in Medicine 17 (1998), 873-890, method 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z = 1.959964
"""Of 100 such intervals 95 hold the truth."""


@dataclass(frozen=True)
class Estimate:
    """A value between two bounds, from `n` observations."""

    value: float
    low: float
    high: float
    n: int

    def times(self, factor: float) -> Estimate:
        """The same in another unit; the factor is not negative."""
        return Estimate(self.value * factor, self.low * factor, self.high * factor, self.n)

    @property
    def is_clear(self) -> bool:
        """Zero lies outside the bounds."""
        return self.low > 0 or self.high < 0


def of_mean(total: float, squares: float, n: int, of: int | None = None) -> Estimate:
    """A mean from the sum and the sum of squares of n values; drawn from `of` in all, where that is known."""
    if n == 0:
        return Estimate(0, 0, 0, 0)
    mean = total / n
    spread = max(squares / n - mean * mean, 0) * n / max(n - 1, 1)
    left = 1 - n / of if of else 1
    half = Z * sqrt(spread / n * max(left, 0))
    return Estimate(mean, mean - half, mean + half, n)


def of_share(hits: int, n: int) -> Estimate:
    """A share with Wilson's score bounds."""
    if n == 0:
        return Estimate(0, 0, 1, 0)
    share, z2 = hits / n, Z * Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return Estimate(share, max(middle - half, 0), min(middle + half, 1), n)


def of_difference(first: Estimate, second: Estimate) -> Estimate:
    """First minus second, by Newcombe's way of joining two intervals; for means of large groups that is the usual one."""
    value = first.value - second.value
    down = sqrt((first.value - first.low) ** 2 + (second.high - second.value) ** 2)
    up = sqrt((first.high - first.value) ** 2 + (second.value - second.low) ** 2)
    return Estimate(value, value - down, value + up, first.n + second.n)
