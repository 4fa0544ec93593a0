"""When a person may be reached: a window, the places she may be in, the days that are closed, her wish."""

from __future__ import annotations

from dataclasses import dataclass

from tideover.kit.calendars.windows import Window
from tideover.kit.calendars.zones import local_day, local_minute


@dataclass(frozen=True)
class Signature:
    """A moment is allowed if it is allowed in every zone.

    That is: the local wall time lies in the window, and in the wish if there is one, on a local day that is
    not blocked. `zones[0]` is the zone whose days and slots the tables speak of.
    """

    id: str
    window: Window
    zones: tuple[str, ...]
    blocked_days: frozenset[int] = frozenset()  # local day numbers
    wish: Window | None = None

    def __post_init__(self) -> None:
        if not self.zones:
            raise ValueError(f"Signature {self.id!r} needs at least one time zone.")

    @property
    def hours(self) -> Window:
        """The window narrowed by the wish."""
        return self.window if self.wish is None else self.window & self.wish

    def allows(self, at: int) -> bool:
        """Whether this very moment is allowed: for the check just before something is sent."""
        hours = self.hours
        return all(self._allows_in(zone, hours, at) for zone in self.zones)

    def _allows_in(self, zone: str, hours: Window, at: int) -> bool:
        day = local_day(zone, at)
        return day not in self.blocked_days and hours.is_open((day + 3) % 7, local_minute(zone, at))
