"""What stands in a source's text is what stands in the book, to the minor unit and the second."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from tideover.engine.facts.mapping._model import Parse
from tideover.engine.facts.mapping._parse import Parsed, Reading, parse
from tideover.engine.facts.mapping._parse import read as texts_read

RIGA = Reading("EUR", "Europe/Riga")


def read(text: str | None, said: dict[str, object] | str, reading: Reading = RIGA) -> object:
    """The value of one text, or the reason it has none as an exception's words."""
    column = parsed_column(said, reading)
    rows, (rejected,) = texts_read(pl.LazyFrame({"x": [text]}, schema={"x": pl.String}), [column])
    row = rows.select(value=pl.col("x"), reason=column.reason(pl.col(rejected))).collect()
    if row["reason"][0] is not None:
        raise ValueError(row["reason"][0])
    return row["value"][0]


def parsed_column(said: dict[str, object] | str, reading: Reading) -> Parsed:
    spec = Parse.model_validate(said if isinstance(said, dict) else {"as": said})
    return parse("x", spec, reading)


EARLY, LATE = datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2037-01-01")
amounts = st.decimals(min_value=-(10**11), max_value=10**11, places=2)


@given(amounts)
def test_an_amount_is_read_exactly(amount: Decimal) -> None:
    assert read(str(amount), "money") == int(amount * 100)


@given(amounts)
def test_decimal_commas_and_points_between_thousands_change_nothing(amount: Decimal) -> None:
    written = f"{amount:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")

    assert read(written, {"as": "money", "decimal": ",", "thousands": "."}) == int(amount * 100)


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=5))
def test_more_decimals_than_the_currency_has_are_refused_or_rounded_as_said(amount: Decimal) -> None:
    rounded = int(amount.copy_abs().quantize(Decimal("0.01"), ROUND_HALF_UP) * 100)

    assert read(str(amount), {"as": "money", "rounded": True}) == (-rounded if amount < 0 else rounded)
    if amount != amount.quantize(Decimal("0.01")):
        with pytest.raises(ValueError, match="is not an amount"):
            read(str(amount), "money")


@pytest.mark.parametrize(
    ("text", "said", "minor"),
    [
        ("12,34,567.50", {"thousands": ","}, 123_456_750),
        ("1 234,50", {"decimal": ",", "thousands": " "}, 123_450),
        ("৳ ১২,৩৪৫.৫০", {"thousands": ",", "digits": "any", "without": ["৳"]}, 1_234_550),
        ("۱۲۳۴٫۵", {"digits": "any"}, 123_450),
        ("1e+05", {"scientific": True}, 10_000_000),
        ("1000", {"currency": "VND"}, 1000),
        ("1.500", {"currency": "KWD"}, 1500),
        ("", {}, None),
    ],
)
def test_amounts_of_many_countries(text: str, said: dict[str, object], minor: int | None) -> None:
    assert read(text, {"as": "money", **said}) == minor


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1.234", {"decimal": ",", "thousands": " "}),
        ("984.1", {"decimal": ",", "thousands": "."}),
        ("1,2,3", {"thousands": ","}),
        ("1e5", {}),
        ("NaN", {}),
        ("1_000", {}),
        ("12 EUR", {}),
        ("0.5", {"currency": "VND"}),
    ],
)
def test_an_unclear_amount_is_never_guessed(text: str, said: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="is not an amount"):
        read(text, {"as": "money", **said})


def test_the_currency_of_each_row_decides_its_decimals() -> None:
    spec = Parse.model_validate({"as": "money", "currency_in": "currency"})
    rows = pl.LazyFrame({"x": ["5", "5", "5", "5"], "currency": ["EUR", "VND", "KWD", "???"]})

    read_rows, _ = texts_read(rows, [parse("x", spec, RIGA)])

    assert read_rows.collect()["x"].to_list() == [500, 5, 5000, None]


days = st.dates(min_value=date(1850, 1, 1), max_value=date(2150, 12, 31))


@given(days, st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%m/%d/%Y", "%d %b %Y", "%Y%m%d"]))
def test_a_day_is_read_in_the_format_that_was_said(day: date, form: str) -> None:
    assert read(day.strftime(form), {"as": "day", "format": form}) == day


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(1999, 12, 31)), st.booleans())
def test_a_birth_number_is_a_day_with_fifty_added_to_the_month_of_women(day: date, woman: bool) -> None:
    number = f"{day:%y}{day.month + 50 * woman:02}{day:%d}"

    assert read(number, {"as": "day", "format": "yymmdd", "month_offset": 50}) == day


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2070, 1, 1)))
def test_a_persian_date_is_a_day(day: date) -> None:
    jalali = JalaliDate(day).strftime("%Y/%m/%d")

    assert read(jalali, {"as": "day", "format": "jalali", "digits": "any"}) == day


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)))
def test_a_spreadsheets_day_number_is_a_day(day: date) -> None:
    assert read(str((day - date(1899, 12, 30)).days), {"as": "day", "format": "excel"}) == day


@pytest.mark.parametrize("text", ["31/02/2026", "01/02/26", "2026-02-01", "1/13/2026", "yesterday"])
def test_a_day_that_is_none_is_told_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match=f"^x '{text}' is not a date; expected dd/mm/yyyy$"):
        read(text, {"as": "day", "format": "%d/%m/%Y"})


def test_the_first_format_that_fits_counts() -> None:
    said = {"as": "day", "format": ["%d.%m.%Y", "%Y-%m-%d"]}

    assert read("2026-03-04", said) == read("04.03.2026", said) == date(2026, 3, 4)


@given(st.datetimes(min_value=EARLY, max_value=LATE))
def test_wall_clock_time_becomes_utc_whatever_the_clock_did_that_night(wall: datetime) -> None:
    wall = wall.replace(microsecond=0)
    zone = ZoneInfo("Europe/Riga")
    there_and_back = wall.replace(tzinfo=zone).astimezone(ZoneInfo("UTC")).astimezone(zone)
    skipped = there_and_back.replace(tzinfo=None) != wall

    moment = read(wall.isoformat(" "), {"as": "moment", "format": "%Y-%m-%d %H:%M:%S"})

    assert isinstance(moment, datetime)
    assert moment.astimezone(zone).replace(tzinfo=None) == (wall + timedelta(hours=1) if skipped else wall)


def test_an_hour_that_comes_twice_is_the_first_one() -> None:
    twice = read("2025-10-26 03:30:00", {"as": "moment", "format": "%Y-%m-%d %H:%M:%S"})

    assert str(twice) == "2025-10-26 00:30:00+00:00"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-03-04T12:00:00+02:00", "%Y-%m-%dT%H:%M:%S%:z"),
        ("1772618400", "epoch_seconds"),
        ("1772618400000", "epoch_millis"),
        ("04.03.2026 12:00", "%d.%m.%Y %H:%M"),
    ],
)
def test_a_moment_written_in_any_way_is_the_same_moment(text: str, form: str) -> None:
    assert str(read(text, {"as": "moment", "format": form})) == "2026-03-04 10:00:00+00:00"


def test_a_rate_is_kept_in_parts_per_million() -> None:
    assert read("14.07 %", {"as": "rate", "of": "percent"}) == 140_700
    assert read("0,5", {"as": "rate", "of": "share", "decimal": ","}) == 500_000


def test_an_unknown_code_is_told_with_the_known_ones() -> None:
    said: dict[str, object] = {"as": "codes", "codes": {"A": "paid", "B": "late"}}

    assert read("A", said) == "paid"
    with pytest.raises(ValueError, match="x 'C' is not a known code; expected one of A, B"):
        read("C", said)
    assert read("C", {**said, "otherwise": "unclear"}) == "unclear"


def test_a_needed_value_must_be_there() -> None:
    with pytest.raises(ValueError, match="x is empty"):
        read(" ", {"as": "text", "needed": True})
    assert read(" ", "text") is None
