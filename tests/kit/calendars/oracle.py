"""The calendar tables read off the clock, moment by moment, in the plainest Python: slow and obvious.

It shares nothing with the product but the data of the time zones.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUARTER = 15 * 60
WITHIN = (0, 1, 7 * 60, 14 * 60 + 59)  # seconds into a quarter at which we look
EVERY_MINUTE = (*range(0, QUARTER, 60), QUARTER - 1)


@cache
def zone_of(name):
    with resources.files("tzdata").joinpath("zoneinfo").joinpath(name).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def wall(zone, at):
    """What the local clock shows."""
    return (EPOCH + timedelta(seconds=at)).astimezone(zone_of(zone))


def day_number(local):
    return (local.date() - EPOCH.date()).days


def slot_of(local):
    return local.hour // 2


def is_allowed(signature, at):
    for zone in signature.zones:
        local = wall(zone, at)
        if day_number(local) in signature.blocked_days:
            return False
        for hours in (signature.window, signature.wish):
            if hours is not None and not _inside(hours, local):
                return False
    return True


def _inside(hours, local):
    minute = local.hour * 60 + local.minute
    return any(opens <= minute < closes for opens, closes in hours.weekdays[local.weekday()])


def first_runs(signature, days: Iterable[int], looks=WITHIN):
    """(day, slot) -> (opens, closes) of the first unbroken run of allowed quarters; missing where closed."""
    wanted, found, running = set(days), {}, None
    for quarter in range((min(wanted) - 1) * 96, (max(wanted) + 2) * 96):
        start = quarter * QUARTER
        cell = _cell(signature, [start + seconds for seconds in looks])
        if cell is not None and cell == running:
            found[cell] = (found[cell][0], start + QUARTER)
        elif cell is not None and cell not in found:
            found[cell] = (start, start + QUARTER)
            running = cell
        else:
            running = None
    return {cell: run for cell, run in found.items() if cell[0] in wanted}


def _cell(signature, moments):
    """Day and slot of an allowed quarter; None if it is not allowed, has two slots, or the clock moves in it."""
    shown = [wall(signature.zones[0], at) for at in moments]
    cells = {(day_number(local), slot_of(local)) for local in shown}
    moves = any(len({wall(zone, at).utcoffset() for at in moments}) > 1 for zone in signature.zones)
    if moves or len(cells) > 1 or not all(is_allowed(signature, at) for at in moments):
        return None
    return cells.pop()


def expected_days(signature, from_day, days, looks=WITHIN):
    """Rows as `day_table` gives them, each a dict."""
    runs = first_runs(signature, range(from_day, from_day + days + 6), looks)
    return [_day_row(signature.id, runs, day) for day in range(from_day, from_day + days)]


def _day_row(name, runs, day):
    row = {"signature": name, "day": day}
    for slot in range(12):
        row[f"opens_{slot}"], row[f"closes_{slot}"] = runs.get((day, slot), (None, None))
        row[f"next_{slot}"] = next((ahead for ahead in range(1, 7) if (day + ahead, slot) in runs), None)
    return row


def expected_slots(signature, from_day, days):
    """Rows as `slot_table` gives them, each a dict."""
    runs = first_runs(signature, range(from_day, from_day + days + 6))
    return [
        _slot_row(signature.id, runs, slot, day)
        for slot in range(12)
        for day in range(from_day, from_day + days)
    ]


def _slot_row(name, runs, slot, day):
    row = {"signature": name, "slot": slot, "day": day}
    for ahead in range(7):
        row[f"opens_{ahead}"], row[f"closes_{ahead}"] = runs.get((day + ahead, slot), (None, None))
    return row


def rows_of(table):
    """A table of columns as a list of rows."""
    lengths = {len(column) for column in table.values()}
    assert len(lengths) == 1
    return [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]
