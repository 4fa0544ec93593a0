"""All clock and calendar arithmetic: windows, time zones, calendar tables, holidays and working days."""

from tideover.kit.calendars.holidays import (
    Changes,
    Holiday,
    UnknownCountry,
    holidays_in,
    holidays_of,
    weekend,
    worked_weekends,
)
from tideover.kit.calendars.openings import SLOTS
from tideover.kit.calendars.signatures import Signature
from tideover.kit.calendars.tables import AHEAD, day_table, slot_table
from tideover.kit.calendars.windows import ALWAYS, NEVER, Interval, Window
from tideover.kit.calendars.working import WorkingCalendar, working_days
from tideover.kit.calendars.zones import (
    UnknownZone,
    local_day,
    local_minute,
    moment_of,
    offset_at,
    offset_spans,
    quarter_from,
    zone_names,
    zone_of,
)

__all__ = [
    "AHEAD",
    "ALWAYS",
    "NEVER",
    "SLOTS",
    "Changes",
    "Holiday",
    "Interval",
    "Signature",
    "UnknownCountry",
    "UnknownZone",
    "Window",
    "WorkingCalendar",
    "day_table",
    "holidays_in",
    "holidays_of",
    "local_day",
    "local_minute",
    "moment_of",
    "offset_at",
    "offset_spans",
    "quarter_from",
    "slot_table",
    "weekend",
    "worked_weekends",
    "working_days",
    "zone_names",
    "zone_of",
]
