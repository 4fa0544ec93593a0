"""What she can pay, as she told it: never asked twice, never needed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Means:
    """`spare`: what is left each month after what must be paid first, in minor units; None where she did not say.

    `payday`: the day of the month on which money comes in.
    """

    spare: int | None = None
    payday: int | None = None


UNTOLD = Means()
