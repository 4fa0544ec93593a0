"""Texts of a source become days, moments, amounts and codes; a text that does not fit says what was expected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from tideover.engine.facts.tables import Kind

from . import _amounts, _dates
from ._model import Parse
from ._values import Value, literal, unified


@dataclass(frozen=True)
class Parsed:
    """A column read: `text` is what stood in its source, cleaned, and `value` what that is worth.

    `value` is an expression over the column `cleaned`, which has to be made from `text` first.
    """

    name: str
    source: str
    value: Value
    text: pl.Expr
    expected: str
    needed: bool

    @property
    def cleaned(self) -> str:
        """The name of the column that holds the cleaned text while it is read."""
        return _cleaned_name(self.name)

    @property
    def rejected(self) -> pl.Expr:
        """The text that could not be read, "" where one is missing, NULL where nothing is wrong; over both columns."""
        text = pl.col(self.cleaned)
        unread = text.is_not_null() & pl.col(self.name).is_null() if self.expected else pl.lit(False)
        return pl.when(unread | text.is_null() if self.needed else unread).then(text.fill_null(""))

    def reason(self, rejected: pl.Expr) -> pl.Expr:
        """What was wrong with a rejected text, for a person to mend. Making it is dear: do so for wrong rows alone."""
        wanted = f"; expected {self.expected}" if self.expected else ""
        said = pl.format(f"{{}} '{{}}' {self._is_not}{wanted}", pl.lit(self.source), rejected)
        return pl.when(rejected == "").then(pl.lit(f"{self.source} is empty")).otherwise(said)

    @property
    def _is_not(self) -> str:
        return _IS_NOT[self.value.kind]


_IS_NOT: dict[Kind | None, str] = {
    Kind.DAY: "is not a date",
    Kind.MOMENT: "is not a date with a time",
    Kind.MONEY: "is not an amount",
    Kind.COUNT: "is not a whole number",
    Kind.RATE: "is not a rate",
    Kind.FLAG: "is neither yes nor no",
    Kind.TEXT: "is not a known code",
    None: "is not a known code",
}


@dataclass(frozen=True)
class Reading:
    """What parsing takes from the mapping as a whole."""

    currency: str
    timezone: str


def parse(name: str, spec: Parse, reading: Reading) -> Parsed:
    """The column `name` made from its source column as the mapping says."""
    source = spec.from_ or name
    value, expected = _READERS[spec.as_](pl.col(_cleaned_name(name)), spec, reading)
    return Parsed(name, source, value, _cleaned(pl.col(source), spec), expected, spec.needed)


def read(rows: pl.LazyFrame, columns: Sequence[Parsed]) -> tuple[pl.LazyFrame, list[str]]:
    """The rows with these columns read, and the names of those that hold what was rejected, in the same order.

    Cleaned texts, values and rejections are made one after the other, so that none is computed twice.
    """
    rejected = [f"__rejected:{column.name}" for column in columns]
    made = (
        rows.with_columns(**{column.cleaned: column.text for column in columns})
        .with_columns(**{column.name: column.value.expr for column in columns})
        .with_columns(**{name: column.rejected for name, column in zip(rejected, columns, strict=True)})
        .drop([column.cleaned for column in columns])
    )
    return made, rejected


def _cleaned_name(name: str) -> str:
    return f"__text:{name}"


def _cleaned(column: pl.Expr, spec: Parse) -> pl.Expr:
    text = column.cast(pl.String).str.strip_chars()
    if spec.digits == "any":
        text = text.str.replace_many(_amounts.OTHER_DIGITS)
    for part in spec.without:
        text = text.str.replace_all(part, "", literal=True)
    text = text.str.strip_chars()
    return pl.when(text != "").then(text)


def _text(text: pl.Expr, spec: Parse, reading: Reading) -> tuple[Value, str]:  # noqa: ARG001
    return Value(text, Kind.TEXT), ""


def _count(text: pl.Expr, spec: Parse, reading: Reading) -> tuple[Value, str]:  # noqa: ARG001
    return Value(_amounts.whole(text, spec), Kind.COUNT), "a whole number"


def _money(text: pl.Expr, spec: Parse, reading: Reading) -> tuple[Value, str]:
    currency = spec.currency or reading.currency
    units = _amounts.units_in(spec.currency_in) if spec.currency_in else _amounts.units_of(currency)
    said = "the decimals of its currency" if spec.currency_in else f"the decimals of {currency}"
    return Value(_amounts.minor_units(text, spec, units), Kind.MONEY), _amounts.example(spec, said)


def _rate(text: pl.Expr, spec: Parse, reading: Reading) -> tuple[Value, str]:  # noqa: ARG001
    return Value(_amounts.parts_per_million(text, spec), Kind.RATE), f"a number, as {spec.of}"


def _day(text: pl.Expr, spec: Parse, reading: Reading) -> tuple[Value, str]:  # noqa: ARG001
    return Value(_dates.day(text, spec), Kind.DAY), _dates.expected(spec)


def _moment(text: pl.Expr, spec: Parse, reading: Reading) -> tuple[Value, str]:
    return Value(_dates.moment(text, spec, spec.timezone or reading.timezone), Kind.MOMENT), _dates.expected(
        spec
    )


def _flag(text: pl.Expr, spec: Parse, reading: Reading) -> tuple[Value, str]:  # noqa: ARG001
    small = text.str.to_lowercase()
    yes, no = small.is_in(["1", "true", "yes", "y", "t"]), small.is_in(["0", "false", "no", "n", "f"])
    return Value(pl.when(yes).then(True).when(no).then(False), Kind.FLAG), "yes or no"


def _codes(text: pl.Expr, spec: Parse, reading: Reading) -> tuple[Value, str]:  # noqa: ARG001
    values = [literal(one) for one in (*spec.codes.values(), spec.otherwise)]
    kind = unified(values) or Kind.TEXT
    chain = pl.when(text.is_null()).then(pl.lit(None))
    for code, value in spec.codes.items():
        chain = chain.when(text == code).then(literal(value).expr)  # type: ignore[assignment]
    mapped = chain.otherwise(literal(spec.otherwise).expr)
    if spec.otherwise is not None:
        return Value(mapped, kind), ""
    return Value(mapped, kind), f"one of {', '.join(spec.codes)}"


_READERS: dict[str, Callable[[pl.Expr, Parse, Reading], tuple[Value, str]]] = {
    "text": _text,
    "count": _count,
    "money": _money,
    "rate": _rate,
    "day": _day,
    "moment": _moment,
    "flag": _flag,
    "codes": _codes,
}
