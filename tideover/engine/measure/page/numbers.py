"""Numbers and days as staff read them: with their unit, never more exact than they are."""

from __future__ import annotations

from collections.abc import Sequence

from tideover.engine.measure.report import Report
from tideover.kit.days import date_of, datetime_of

DAY = 86_400
MINUS, THIN = "\u2212", "\u202f"


def share(part: float, whole: float) -> str:
    """12 %, 0.4 %, less than 0.1 %."""
    if not whole:
        return f"0{THIN}%"
    percent = 100 * part / whole
    if 99.5 <= percent < 100:
        return f"99{THIN}%"
    if percent == 0 or percent >= 9.95:
        return f"{percent:.0f}{THIN}%"
    return f"{percent:.1f}{THIN}%" if percent >= 0.1 else f"less than 0.1{THIN}%"


def signed(number: float, decimals: int = 0) -> str:
    """+12, −3, 0."""
    written = f"{abs(number):,.{decimals}f}"
    if not float(written.replace(",", "")):
        return "0"
    return f"{'+' if number > 0 else MINUS}{written}"


def money(thousandths: int, report: Report) -> str:
    """Costs are kept in thousandths of the lender's currency unit."""
    return (
        f"{thousandths / 1000:,.2f}{THIN}{report.currency}"
        if report.currency
        else f"{thousandths / 1000:,.2f}"
    )


def day(number: int, *, year: bool = False) -> str:
    """Mon 5 Oct."""
    on = date_of(number)
    return f"{on:%a} {on.day} {on:%b}" + (f" {on.year}" if year else "")


def short_day(number: int) -> str:
    """5 Oct."""
    on = date_of(number)
    return f"{on.day} {on:%b}"


def long_day(number: int) -> str:
    """Monday 5 October 2026."""
    on = date_of(number)
    return f"{on:%A} {on.day} {on:%B} {on.year}"


def day_of(at: int) -> int:
    """The UTC day of a moment."""
    return divmod(at, DAY)[0]


def clock(at: int) -> str:
    """06:00 UTC."""
    return f"{datetime_of(at):%H:%M} UTC"


def span(moments: Sequence[int]) -> str:
    """From the first to the last day."""
    first, last = day_of(moments[0]), day_of(moments[-1])
    return long_day(first) if first == last else f"{day(first)} to {day(last, year=True)}"


def middle(values: Sequence[int]) -> int:
    """The middle one: half of the days have as many or fewer."""
    ordered = sorted(values) or [0]
    return ordered[len(ordered) // 2]
