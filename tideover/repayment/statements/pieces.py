"""A stream in pieces."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def in_pieces(values: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """So many at a time, as they come; the last piece may be smaller."""
    rest = iter(values)
    while piece := tuple(islice(rest, size)):
        yield piece
