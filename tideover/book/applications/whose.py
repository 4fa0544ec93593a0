"""Where somebody lives who applies: her country, her currency, her clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from tideover.book.applications.offered import currency_of
from tideover.book.newest import newest_one
from tideover.kit.calendars.zones import zone_of


@dataclass(frozen=True)
class Whose:
    """What the book knows of where she is; "" and UTC where it knows nothing."""

    country: str
    zone: tzinfo

    @property
    def currency(self) -> str:
        """What she pays with."""
        return currency_of(self.country)


def whose(person_id: str) -> Whose:
    """Where a person is, by the latest that is known."""
    row = newest_one("borrowers", borrower_id=person_id)
    country, zone = (row.country, row.timezone) if row is not None else ("", "")
    return Whose(country or "", zone_of(zone or "UTC"))
