"""What other apps keep of a person where no column of hers leads to it: in a file, in the row of somebody else.

Each says for itself how it forgets, when it is loaded; erasing asks them all, first whether she may go, then to forget.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Forgotten:
    """Somebody who is erased: her key, the chance values that take its place and that of her loans, and when."""

    person_id: str
    instead: str
    loans: Mapping[str, str]
    at: datetime


@dataclass(frozen=True)
class Keeper:
    """`may_go` raises a Refused where something must end first; `forget` runs in the transaction that erases her.

    `forget` hands back how many rows stay, by the name under which `retention.yaml` says why.
    """

    forget: Callable[[Forgotten], Mapping[str, int]]
    may_go: Callable[[str, datetime], None] | None = None


KEEPERS: dict[str, Keeper] = {}
"""By the name of what they keep; apps enter themselves in `ready`."""
