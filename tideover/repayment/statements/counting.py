"""How often each of many things was seen, in a tenth of the memory that a dictionary takes.

An open hash table of whole numbers: sixty bits of a digest in one column, the count in another. That two of a million lines
meet there by chance happens once in two million files.
"""

from __future__ import annotations

from array import array


class Counts:
    """Counts by a sign: a whole number above nothing, of at most 64 bits, spread evenly."""

    def __init__(self, slots: int = 1 << 10) -> None:
        self._signs, self._counts, self._used = array("Q", bytes(8 * slots)), array("I", bytes(4 * slots)), 0

    def add(self, sign: int) -> int:
        """One more of it. How many there were before."""
        place = self._place(sign)
        before = self._counts[place]
        self._signs[place], self._counts[place] = sign, before + 1
        if not before:
            self._used += 1
            if self._used * 2 > len(self._signs):
                self._grow()
        return before

    def _place(self, sign: int) -> int:
        mask = len(self._signs) - 1
        place = sign & mask
        while self._counts[place] and self._signs[place] != sign:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        signs, counts = self._signs, self._counts
        self._signs, self._counts = array("Q", bytes(16 * len(signs))), array("I", bytes(8 * len(signs)))
        for sign, count in zip(signs, counts, strict=True):
            if count:
                place = self._place(sign)
                self._signs[place], self._counts[place] = sign, count
