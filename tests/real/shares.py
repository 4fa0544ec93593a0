"""Shares with 95 % intervals: Wilson's, made wider where the same people are counted several times.

Wilson: Journal of the American Statistical Association 22 (1927), 209-212. Repeated people count by the design
effect of a ratio over clusters (Kish, Survey Sampling, 1965): n is divided by it before the interval is taken.
"""

from dataclasses import dataclass
from math import sqrt

import polars as pl

Z = 1.959964
"""Of 100 such intervals 95 hold the truth."""


@dataclass(frozen=True)
class Share:
    """`hits` of `n`, between two bounds; all 0..1."""

    hits: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.hits / self.n if self.n else float("nan")

    def is_above(self, other: "Share") -> bool:
        """The whole interval lies above the other's."""
        return self.low > other.high


def of(hits: int, n: int, *, effect: float = 1) -> Share:
    """A share; `effect` is how much wider than independent rows the rows are spread."""
    if not n:
        return Share(0, 0, 0, 1)
    value, size, z2 = hits / n, n / max(effect, 1), Z * Z
    middle = (value + z2 / (2 * size)) / (1 + z2 / size)
    half = Z / (1 + z2 / size) * sqrt(value * (1 - value) / size + z2 / (4 * size * size))
    return Share(hits, n, max(middle - half, 0), min(middle + half, 1))


def of_rows(rows: pl.DataFrame, hit: str, person: str | None = None) -> Share:
    """The share of rows where the flag `hit` is true; `person` names the column of people who may stand there twice."""
    known = rows.filter(pl.col(hit).is_not_null())
    return of(int(known[hit].sum()), known.height, effect=_effect(known, hit, person) if person else 1)


def _effect(rows: pl.DataFrame, hit: str, person: str) -> float:
    n, hits = rows.height, int(rows[hit].sum())
    if hits in {0, n}:
        return 1
    value = hits / n
    people = rows.group_by(person).agg(pl.col(hit).sum().alias("hits"), pl.len().alias("n"))
    if people.height < 2:
        return 1
    apart = (people["hits"] - value * people["n"]) ** 2
    variance = people.height / (people.height - 1) * float(apart.sum()) / n**2
    return variance / (value * (1 - value) / n)


def by(rows: pl.DataFrame, group: str, hit: str, person: str | None = None) -> dict[str, Share]:
    """The share in each group, groups in order of their names."""
    return {
        str(name): of_rows(part, hit, person)
        for (name,), part in sorted(rows.partition_by(group, as_dict=True).items(), key=lambda it: str(it[0]))
    }
