"""How the page writes numbers, groups and tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from tests.real.shares import Share
from tideover.engine.policy.lists import Lists

FEW = 20
"""Groups smaller than this are put together."""

OTHERS = f"other, fewer than {FEW} each"
Rows = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Part:
    """A part of the page: its text, and what the page says of it at its head."""

    text: str
    findings: tuple[str, ...]
    gaps: tuple[str, ...]


def table(headings: Sequence[str], rows: Rows) -> str:
    """A Markdown table; every column but the first is set to the right."""
    lines = [headings, [":--", *["--:"] * (len(headings) - 1)], *rows]
    return "\n".join("| " + " | ".join(_cell(it) for it in line) + " |" for line in lines)


def _cell(it: object) -> str:
    return f"{it:,}" if isinstance(it, int) else str(it)


def percent(value: float) -> str:
    """0.148 as 14.8 %."""
    return f"{100 * value:.1f} %"


def between(share: Share) -> str:
    """The interval of a share."""
    return f"{100 * share.low:.1f} to {100 * share.high:.1f}"


def sure(share: Share) -> str:
    """A share with its interval and n, as it stands in a sentence."""
    return f"{percent(share.value)} ({between(share)}; n = {share.n:,})"


def compared(first: Share, second: Share) -> str:
    """What two intervals allow to say of the first beside the second."""
    if first.is_above(second):
        return "more often, and the intervals do not meet"
    if second.is_above(first):
        return "less often, and the intervals do not meet"
    return "with no clear difference, for the intervals meet"


def with_others(rows: pl.DataFrame, group: str) -> pl.DataFrame:
    """The same rows with small groups under one name."""
    return rows.with_columns(
        pl.when(pl.len().over(group) < FEW).then(pl.lit(OTHERS)).otherwise(pl.col(group)).alias(group)
    )


def shares_table(first: str, unit: str, event: str, shares: Mapping[str, Share], lists: Lists) -> str:
    """Groups by how often it happened, most often first; what is too small for a group stands last."""
    ordered = sorted(shares.items(), key=lambda it: (it[0] == OTHERS, -it[1].value))
    rows = [(told(name, lists), it.n, it.hits, percent(it.value), between(it)) for name, it in ordered]
    return table((first, unit, event, "share", "95 % interval"), rows)


def count(n: int) -> str:
    """A number in a sentence, where 0 is none."""
    return f"{n:,}" if n else "none"


def told(name: str, lists: Lists) -> str:
    """`early_help: late_habit` with the reason in words."""
    head, colon, code = name.partition(": ")
    reason = lists.reasons.get(code)
    if not colon or reason is None:
        return name
    said = reason.says.rstrip(".")
    head = head if " " in head else f"`{head}`"
    return f"{head}: {said[0].lower()}{said[1:]}"


def short(name: str, lists: Lists) -> str:
    """The same for a picture, where there is less room: two lines, parted by a line break."""
    head, colon, rest = told(name, lists).partition(": ")
    return f"{head.strip('`').replace('_', ' ')}{':' + chr(10) + rest if colon else ''}"


def under(unit: str, n: int, period: str, known: str) -> str:
    """What a table counts, how many, from when, and what was known to whoever decided."""
    return f"*Unit: {unit}; n = {n:,}. Period: {period}. As of: {known}.*"


def day(on: date) -> str:
    """10 May 2017."""
    return f"{on.day} {on:%B %Y}"


def agreement(known: Mapping[str, float], found: Mapping[str, Share]) -> str:
    """Whether the figures found are the known ones, to the digits in which those are given."""
    apart = [name for name, it in known.items() if f"{100 * found[name].value:.{_digits(it)}f}" != str(it)]
    if not apart:
        return "All known figures are found again, to the last digit given."
    names = "; ".join(
        f"{name}: {100 * found[name].value:.{_digits(known[name]) + 1}f} % here, {known[name]} % there"
        for name in apart
    )
    return f"{len(known) - len(apart)} of {len(known)} known figures are found again to the last digit given; not {names}."


def _digits(known: float) -> int:
    return len(str(known).partition(".")[2])
