"""Chance as arithmetic on a key: the same key and question always give the same answer.

Nothing is drawn in sequence, so what happens to one borrower never depends on how many others there are, on the
order of work or on the size of a chunk. Only integer rounds and exact float products are used: the same on every
machine. The mixing step is the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
"""

from __future__ import annotations

from functools import cache, lru_cache
from hashlib import sha256

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Keys = npt.NDArray[np.uint64]

Points = tuple[tuple[float, float], ...]
"""(share of people at or below, value), rising in both; the first share is 0, the last 1."""

_CELLS = 4096  # a choice or a quantile is looked up among this many equal cells
_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def _mixed(keys: Keys) -> Keys:
    keys = (keys ^ (keys >> np.uint64(30))) * _FIRST
    keys = (keys ^ (keys >> np.uint64(27))) * _SECOND
    mixed: Keys = keys ^ (keys >> np.uint64(31))
    return mixed


@cache
def _literal(what: str) -> np.uint64:
    return np.uint64(int.from_bytes(sha256(what.encode()).digest()[:8]))


@lru_cache(maxsize=256)
def _cells_of_weights(weights: tuple[float, ...]) -> Ints:
    edges = np.cumsum(weights) / sum(weights) * _CELLS
    places: Ints = np.searchsorted(edges, np.arange(_CELLS) + 0.5).astype(np.int64)
    return places


@lru_cache(maxsize=256)
def _cells_of_points(points: Points) -> Ints:
    shares, values = zip(*points, strict=True)
    places: Ints = np.rint(np.interp((np.arange(_CELLS) + 0.5) / _CELLS, shares, values)).astype(np.int64)
    return places


class Draws:
    """One key a row; every question asked of it has its own, independent answer."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    @classmethod
    def of(cls, seed: int, numbers: Ints) -> Draws:
        """Keys for the people or things with these numbers in the book of that seed."""
        start = _literal(f"book {seed}")
        return cls(_mixed((numbers.astype(np.uint64) + np.uint64(1)) * _STEP ^ start))

    def __getitem__(self, rows: Ints | Flags) -> Draws:
        """The same keys for some of the rows, in that order."""
        return Draws(self._keys[rows])

    def __len__(self) -> int:
        return len(self._keys)

    def each(self, what: str, numbers: Ints | int) -> Draws:
        """New keys for the numbered children of each row."""
        numbered = np.asarray(numbers).astype(np.uint64) * _STEP
        return Draws(_mixed(self._keys + _literal(what) + numbered))

    def bits(self, what: str) -> Keys:
        """64 even bits a row."""
        return _mixed(self._keys ^ _literal(what))

    def chance(self, what: str) -> Floats:
        """Evenly in [0, 1)."""
        return (self.bits(what) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def happens(self, what: str, chance: Floats | float) -> Flags:
        """True with that chance."""
        hit: Flags = self.chance(what) < chance
        return hit

    def below(self, what: str, limit: Ints | int) -> Ints:
        """Whole numbers evenly from 0 to `limit` - 1; `limit` stays under 2^31."""
        high = self.bits(what) >> np.uint64(33)
        return ((high * np.asarray(limit).astype(np.uint64)) >> np.uint64(31)).astype(np.int64)

    def choose(self, what: str, weights: tuple[float, ...]) -> Ints:
        """Positions in `weights`, in proportion to them (to one in 4,096)."""
        return _cells_of_weights(weights)[self.cell(what)]

    def quantile(self, what: str, points: Points) -> Ints:
        """Whole values distributed as the points say, straight between them."""
        return _cells_of_points(points)[self.cell(what)]

    def cell(self, what: str) -> Ints:
        """Evenly one of 4,096 cells."""
        return (self.bits(what) >> np.uint64(52)).astype(np.int64)
