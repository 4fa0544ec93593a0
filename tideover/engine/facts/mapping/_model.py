"""What a mapping may say: files, steps, tables and assumptions. Anything else in the YAML is refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Expression = bool | int | datetime | date | str | None
"""A value or a formula over columns; see `_expression`. Fractions are not among them: money has none."""


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _text_keys(value: object) -> object:
    return {str(key): one for key, one in value.items()} if isinstance(value, dict) else value


class Said(BaseModel):
    """A part of a mapping. Unknown words are refused, with their place."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def only_known_words(cls, value: Any) -> Any:
        """Name every unknown word at once; the reader of the mapping adds line and nearest known word."""
        if not isinstance(value, dict):
            return value
        known = {one.alias or name for name, one in cls.model_fields.items()}
        strange = [str(key) for key in value if str(key) not in known]
        if strange:
            raise PydanticCustomError("unknown_words", "unknown", {"words": strange, "known": sorted(known)})
        return value


class Literally(Said):
    """A text that is meant as it stands and not as the name of a column."""

    value: bool | int | date | str | None


Cell = Annotated[Literally | Expression, Field(union_mode="smart")]


class Parse(Said):
    """How the text of one source column becomes a value. A text that does not fit sets the row aside."""

    as_: Literal["text", "count", "money", "rate", "day", "moment", "flag", "codes"] = Field(alias="as")
    from_: str | None = Field(None, alias="from")
    needed: bool = False
    formats: Annotated[list[str], BeforeValidator(_as_list)] = Field(default_factory=list, alias="format")
    timezone: str | None = None
    century: int | None = None
    month_offset: int | None = None
    decimal: Literal[".", ","] = "."
    thousands: str = ""
    without: list[str] = []
    digits: Literal["ascii", "any"] = "ascii"
    scientific: bool = False
    rounded: bool = False
    currency: str | None = None
    currency_in: str | None = None
    of: Literal["percent", "share", "ppm"] = "percent"
    codes: Annotated[dict[str, int | bool | date | str | None], BeforeValidator(_text_keys)] = {}
    otherwise: int | bool | date | str | None = None


def _short_parse(value: object) -> object:
    return {"as": value} if isinstance(value, str) else value


Parses = dict[str, Annotated[Parse, BeforeValidator(_short_parse)]]


class Records(Said):
    """Which things in a JSON file are rows, and which of their values are columns.

    `at` lists paths that may lead from a record (a line, or the whole file) to the thing or a list of things;
    the first that leads anywhere counts, and "" is the record itself. Things without a value at each path of
    `has`, or with another than `where` says, are passed over. `each` walks on to a list inside the thing: then
    its entries are the rows. `columns` are paths from the row; `^` first when a path starts at the thing that
    holds the list.
    """

    at: Annotated[list[str], BeforeValidator(_as_list)] = [""]
    has: list[str] = []
    where: dict[str, str | bool | int | list[str | int]] = {}
    each: str = ""
    columns: dict[str, str]


class File(Said):
    """Files of one shape: how they are called and how they are read. Every column arrives as text."""

    names: Annotated[list[str], BeforeValidator(_as_list)]
    format: Literal["csv", "json_lines", "json", "xlsx", "parquet"] = "csv"
    says: str = ""
    optional: bool = False
    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8"
    header: bool = True
    skip_rows: int = 0
    columns: list[str] = []
    sheet: str | None = None
    empty: list[str] = []
    records: Records | None = None
    parse: Parses = {}

    @model_validator(mode="after")
    def records_belong_to_json(self) -> File:
        """A JSON file needs `records`; no other file may have them."""
        if (self.records is None) == self.format.startswith("json"):
            raise PydanticCustomError(
                "records", "A JSON file needs `records`, and only a JSON file can have them."
            )
        return self


class Because(Said):
    """Rows to leave behind, and why."""

    when: Expression
    because: str


def _same_names(value: object) -> object:
    return {one: one for one in value} if isinstance(value, list) else value


SameOrOther = Annotated[dict[str, str], BeforeValidator(_same_names)]
"""Pairs of column names; a list when both are called the same."""


class Join(Said):
    """Columns of another frame beside each row. `only` and `without` keep rows with, or without, a match."""

    with_: str = Field(alias="with")
    on: SameOrOther
    how: Literal["left", "inner", "only", "without"] = "left"
    take: SameOrOther = {}


class Unpivot(Said):
    """One row per entry of `rows` from each row: every name gets the value of its formula."""

    rows: list[dict[str, Cell]]


class Total(Said):
    """One aggregate of a column over a group."""

    max: str | None = None
    min: str | None = None
    sum: str | None = None
    count: str | None = None


class Totals(Said):
    """One row per group. An empty `by` is one row for the whole frame."""

    by: list[str]
    take: dict[str, Total]


class Distinct(Said):
    """One row per key: the first by `first_by`. The others are left out and counted."""

    by: list[str]
    first_by: list[str] = []
    last_by: list[str] = []
    because: str


class Number(Said):
    """A column that counts the rows of a group from 1 on, in an order."""

    by: list[str]
    order: list[str]
    as_: str = Field(alias="as")


class Every(Said):
    """How far one due day is from the next: exactly one of these, a number or a formula."""

    days: Expression = None
    weeks: Expression = None
    months: Expression = None


class Schedule(Said):
    """A schedule of instalments for each row: adds number, due_on, principal_due, interest_due and fees_due.

    `first_due_on` is the first due day; `starts_on` lies one step before it and keeps its day of the month: lent
    on the 31st, due on 28 February and 31 March. With `rate` (a year) interest is charged on what is still owed,
    in equal instalments, or in those of `instalment`.
    Without it `interest` and `fees` are totals, spread evenly.
    """

    count: Expression
    first_due_on: Expression = None
    starts_on: Expression = None
    every: Every
    principal: Expression
    rate: Expression = None
    instalment: Expression = None
    interest: Expression = 0
    fees: Expression = 0


class Allocate(Said):
    """Payments of another frame spread over the instalments of this one, oldest first.

    One row per instalment and payment that reached it: adds paid (so far), settled_on and at.
    """

    payments: str
    by: str
    amount: str
    at: str
    due: Expression
    order: list[str]


class Step(Said):
    """One change to the rows of a frame; exactly one of these verbs."""

    where: Expression = None
    leave_out: list[Because] | None = None
    set_aside: list[Because] | None = None
    parse: Parses | None = None
    set: dict[str, Cell] | None = None
    join: Join | None = None
    unpivot: Unpivot | None = None
    totals: Totals | None = None
    distinct: Distinct | None = None
    number: Number | None = None
    schedule: Schedule | None = None
    allocate: Allocate | None = None

    @model_validator(mode="after")
    def exactly_one_verb(self) -> Step:
        """`where: null` cannot be meant, so counting given words is enough."""
        if len(self.model_fields_set) != 1:
            says = "A step does exactly one thing; start a new step with `-` for each verb."
            raise PydanticCustomError("one_verb", says)
        return self

    @property
    def verb(self) -> str:
        return next(iter(self.model_fields_set))


class Frame(Said):
    """Rows under a name, made from files or earlier frames by steps. Several sources are put below each other."""

    from_: Annotated[list[str], BeforeValidator(_as_list)] = Field(alias="from")
    steps: list[Step] = []
    says: str = ""


class Beside(Frame):
    """Rows that no decision may see, such as how a loan ended, kept in a file beside the book."""

    columns: dict[str, Cell]


class Version(Said):
    """When a version of a row became known, why we think so, and what it says that the first one did not."""

    recorded_at: Expression
    because: str
    when: Expression = None
    columns: dict[str, Cell] = {}


class Rows(Frame):
    """Rows of a table of the contract: its columns, and the moments at which they became known."""

    columns: dict[str, Cell]
    versions: list[Version]


Block = Annotated[list[Rows], BeforeValidator(_as_list)]


class AssumedChannel(Said):
    """Everyone can be reached here; `address` names what channels share (a phone is one address for sms and call)."""

    address: str
    because: str


class AssumedConsent(Said):
    """Everyone allowed these classes of purposes."""

    channels: list[str]
    classes: list[str]
    because: str


class AssumedValue(Said):
    """What stands in the borrowers table wherever the source does not say."""

    value: str
    because: str


class AssumedFeeds(Said):
    """Streams of facts that are taken as complete at any moment."""

    feeds: list[str]
    because: str


class Assume(Said):
    """What the source does not say and is taken as true. Every reason of a decision on this book is marked."""

    channel: dict[str, AssumedChannel] | None = None
    consent: AssumedConsent | None = None
    timezone: AssumedValue | None = None
    language: AssumedValue | None = None
    country: AssumedValue | None = None
    fresh_feed: AssumedFeeds | None = None


class Constant(Said):
    """A value the files do not hold. Who runs the import may give another (`given`)."""

    value: int | date | str
    because: str


class Mapping(Said):
    """A source, described well enough to be imported."""

    format: Literal[1]
    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    says: str
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    timezone: str
    constants: dict[str, Constant] = {}
    files: dict[str, File]
    frames: dict[str, Frame] = {}
    tables: dict[str, Block]
    beside: dict[str, Beside] = {}
    assume: Assume = Assume()
