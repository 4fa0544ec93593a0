"""How often something happened within a time, counted where every process sees it."""

from __future__ import annotations

import time

from django.core.cache import cache


def times(name: str, *, within: int) -> int:
    """How often it has happened by now, this time too. The seconds run from the first time.

    Not `cache.incr`: with a cache in a table it begins the time anew, of five minutes. Two in one instant may count as
    one, which a limit on nuisance bears.
    """
    key = f"counted-{name}"  # under the bare name stood a number once
    count, began = cache.get(key) or (0, time.time())
    cache.set(key, (count + 1, began), max(1, began + within - time.time()))
    return int(count) + 1
