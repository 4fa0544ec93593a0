"""The one number in this product that looks like chance, and how it picks among weights.

Restated from its specification in integers: five literals from sha256 of (salt, stage), five rounds modulo
2^31 - 1, a number from 0 to 9,999.
"""

from functools import cache

from tideover.kit.ids import literals

PRIME = 2**31 - 1
WHOLE = 10_000
FLOOR = 100


@cache
def _literals(salt, stage):
    return literals(salt, stage, 5)


def draw(salt, stage, seed, day=None):
    a, b, c, d, e = _literals(salt, stage)
    x = seed % PRIME
    if day is not None:
        x = (x + day * e) % PRIME
    for x_to in (lambda x: x * a + b, lambda x: x * x + c, lambda x: x * d + a, lambda x: x * x + b):
        x = x_to(x) % PRIME
    return x % WHOLE


def weight(prior, good, tried, is_open):
    """A published share drawn towards what the person herself did, which counts like eight contacts; at least 100."""
    if not is_open:
        return 0
    if prior is None:
        return FLOOR
    return max(FLOOR, (prior * 8 + good * WHOLE) // (tried + 8))


def picked(weights, number, *, by_chance):
    """(place, propensity) in a list of weights: drawn, or the first that is open; (None, None) where all are 0."""
    whole = sum(weights)
    if whole == 0:
        return None, None
    if not by_chance:
        return next(place for place, one in enumerate(weights) if one), WHOLE
    running = 0
    for place, one in enumerate(weights):
        running += one
        if one and number * whole < WHOLE * running:
            return place, one * WHOLE // whole
    raise AssertionError("a draw below 10,000 always hits")


def flags(weights):
    """Which cells were open, as 1 and 0."""
    return "".join("1" if one > 0 else "0" for one in weights)
