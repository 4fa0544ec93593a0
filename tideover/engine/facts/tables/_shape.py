"""What a table and a column are: a name, a kind, and the words a lender's engineer needs to fill them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property


class Kind(Enum):
    """How a value is kept. On disk and in the engine they differ for days and moments only."""

    KEY = "key"  # text that names a row of some table
    TEXT = "text"  # text for people; any script, kept as it came
    CODE = "code"  # text from a closed list, or a standard (ISO country, currency, language, time zone)
    DAY = "day"  # on disk a date; in the engine int64 days since 1970-01-01
    MOMENT = "moment"  # on disk a UTC timestamp; in the engine int64 seconds since 1970-01-01 UTC
    MONEY = "money"  # int64 minor units of the currency beside it
    COUNT = "count"  # int64
    RATE = "rate"  # int64 parts per million
    FLAG = "flag"  # Boolean


@dataclass(frozen=True)
class Column:
    """One fact about one thing.

    `producer` is the app that writes it (`import`: a lender's own files); `planned: <app>` while that app is to come.
    `ends` marks a moment or day that ends or settles something: dated after the decision's moment it reads as NULL.
    `told_by` names such a column; while that one is NULL this one is NULL too (how a promise ended, before it ended).
    `otherwise` is the value that stands for an absent one. Without it, absent means unknown and stays NULL.
    `names_row_of` is the table in which this key must be found.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str
    producer: str = "import"
    required: bool = False
    codes: tuple[str, ...] = ()
    ends: bool = False
    told_by: str = ""
    otherwise: str | int | None = None
    names_row_of: str = ""
    negative: bool = False


@dataclass(frozen=True)
class Table:
    """One kind of thing the engine may know about. Every table also has `recorded_at`, when the row became known."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = False
    cost_if_missing: str = ""
    person: str = field(default="", kw_only=True)
    """Column that names the person whose shard holds the row; "" when it follows `loan_id`, `contact_id` or nobody."""
    in_order: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)
    """Pairs of days or moments of which the second cannot lie before the first."""
    greater_first: tuple[str, ...] = field(default=(), kw_only=True)
    """Of two versions recorded at one moment, the one with the greater value here is believed."""
    steady: tuple[str, ...] = field(default=(), kw_only=True)
    """Columns in which every version of a row must agree."""
    protects: bool = field(default=False, kw_only=True)
    """Each row shields a person (a hold, a contact that counts against a cap): only a required value sets it aside."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Column names in the order of the contract, `recorded_at` last."""
        return tuple(column.name for column in self.every)

    @cached_property
    def every(self) -> tuple[Column, ...]:
        """All columns, `recorded_at` included."""
        return (*self.columns, RECORDED_AT)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when the table has none."""
        return {column.name: column for column in self.every}[name]


RECORDED_AT = Column(
    "recorded_at",
    Kind.MOMENT,
    "When this version of the row became known; the latest at or before t wins",
    "UTC",
    required=True,
)


def key(name: str, meaning: str, of: str = "", otherwise: str | None = None) -> Column:
    """A key column that every row must have (or that has a stated stand-in)."""
    return Column(name, Kind.KEY, meaning, "", required=True, names_row_of=of, otherwise=otherwise)


def link(name: str, meaning: str, of: str, producer: str = "import") -> Column:
    """A key of another table that may be unknown."""
    return Column(name, Kind.KEY, meaning, "", producer, names_row_of=of)
