"""A made-up book looks like a real one: the figures it must show were measured on real loans and cards."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import yaml

from tideover.engine.facts import open_book
from tideover.engine.facts.made_up import DAY_OF_THE_BOOK, make_book
from tideover.engine.facts.tables import TABLES

TODAY = DAY_OF_THE_BOOK
MIDNIGHT = int(datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC).timestamp())
DAYS = TODAY.toordinal() - 719_163
CONTENT = Path(__file__).parents[3] / "tideover" / "content"
MONTH = 30

Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Twenty thousand borrowers, as the engine sees them."""
    path = make_book(20_000, 7, tmp_path_factory.mktemp("made up") / "book")
    return {name: frame.to_native().collect() for name, frame in open_book(path).tables.items()}


@pytest.fixture(scope="module")
def dues(book: Tables) -> pl.DataFrame:
    """Instalments that have fallen due, with how late they were paid; those unpaid are late in any case."""
    past = book["instalments"].filter(pl.col("due_on") < DAYS).sort("loan_id", "number")
    late = pl.col("settled_on").is_null() | (pl.col("settled_on") > pl.col("due_on"))
    return past.with_columns(late.alias("late"))


@pytest.fixture(scope="module")
def open_loans(book: Tables, dues: pl.DataFrame) -> pl.DataFrame:
    """Loans with a schedule that are open today, and how many days they are behind."""
    return _behind(book, dues, DAYS)


def _behind(book: Tables, dues: pl.DataFrame, day: int) -> pl.DataFrame:
    """Open loans on a day, with `behind`: days since the oldest instalment fell due that was unpaid then."""
    unpaid = (pl.col("due_on") < day) & (pl.col("settled_on").is_null() | (pl.col("settled_on") >= day))
    oldest = dues.filter(unpaid).group_by("loan_id").agg(pl.col("due_on").min().alias("oldest"))
    scheduled = book["loans"].filter(pl.col("kind") != "revolving")
    is_open = pl.col("closed_on").is_null() | (pl.col("closed_on") >= day)
    return (
        scheduled.filter(is_open & (pl.col("disbursed_on") < day))
        .join(oldest, on="loan_id", how="left")
        .select("loan_id", (day - pl.col("oldest")).fill_null(0).alias("behind"))
    )


def _share(frame: pl.DataFrame, condition: pl.Expr) -> float:
    return float(frame.select(condition.mean()).item())


def test_every_table_of_the_contract_has_rows(book: Tables):
    assert [name for name in TABLES if name not in book or book[name].is_empty()] == []


def test_a_book_is_as_large_as_a_real_one(book: Tables):
    mains = book["borrowers"].filter(~pl.col("borrower_id").str.contains("-"))
    per_borrower = {
        name: book[name].height / mains.height for name in ("loans", "instalments", "payments", "contacts")
    }

    assert mains.height == 20_000
    assert per_borrower == pytest.approx(
        {"loans": 1.3, "instalments": 15, "payments": 10, "contacts": 5}, rel=0.12
    )


def test_one_first_instalment_in_six_is_late(dues: pl.DataFrame):
    first = dues.filter(pl.col("number") == 1)

    assert _share(first, pl.col("late")) == pytest.approx(0.174, abs=0.012)


def test_most_open_loans_are_current_and_few_are_far_behind(open_loans: pl.DataFrame):
    behind = pl.col("behind")

    assert _share(open_loans, behind == 0) == pytest.approx(0.80, abs=0.03)
    assert _share(open_loans, behind.is_between(1, 29)) == pytest.approx(0.12, abs=0.03)
    assert _share(open_loans, behind.is_between(30, 59)) == pytest.approx(0.04, abs=0.01)
    assert _share(open_loans, behind >= 60) == pytest.approx(0.04, abs=0.015)


def test_whoever_was_often_late_is_more_often_behind_today(dues: pl.DataFrame, open_loans: pl.DataFrame):
    last = pl.col("number") == pl.col("number").max().over("loan_id")
    share = dues.filter(~last).group_by("loan_id").agg(pl.col("late").mean().alias("share"))
    earlier = pl.col("share")
    name = pl.when(earlier == 0).then(pl.lit("none")).when(earlier <= 0.25).then(pl.lit("quarter"))
    name = name.when(earlier <= 0.5).then(pl.lit("half")).otherwise(pl.lit("more"))
    known = open_loans.join(share, on="loan_id").with_columns(name.alias("bin"))
    behind = known.group_by("bin").agg(
        (pl.col("behind") > 0).mean(), (pl.col("behind") >= MONTH).mean().alias("deep")
    )
    found = {name: (late, deep) for name, late, deep in behind.iter_rows()}
    deep = [found[name][1] for name in ("none", "quarter", "half", "more")]

    assert found["none"][0] == pytest.approx(0.148, abs=0.05)
    assert found["quarter"][0] == pytest.approx(0.173, abs=0.05)
    assert found["half"][0] == pytest.approx(0.308, abs=0.05)
    assert found["more"][0] == pytest.approx(0.502, abs=0.10)
    assert deep == sorted(deep)


def test_of_loans_a_month_behind_half_cure_and_few_get_worse(book: Tables, dues: pl.DataFrame):
    moves = []
    for months in range(1, 7):
        then, later = (_behind(book, dues, DAYS - MONTH * ago) for ago in (months, months - 1))
        month_behind = then.filter(pl.col("behind").is_between(30, 59)).select("loan_id")
        moves.append(month_behind.join(later, on="loan_id", how="left").fill_null(0))
    moved = pl.concat(moves)

    assert _share(moved, pl.col("behind") < 30) == pytest.approx(0.51, abs=0.05)
    assert _share(moved, pl.col("behind") >= 60) == pytest.approx(0.05, abs=0.04)


def test_cards_a_month_behind_half_cure_and_few_get_worse(book: Tables):
    cards = (
        book["standings"]
        .sort("loan_id", "on")
        .with_columns(pl.col("days_late_from").shift(-1).over("loan_id").alias("next"))
    )
    month_behind = cards.filter((pl.col("days_late_from") == 30) & pl.col("next").is_not_null())
    two_behind = cards.filter((pl.col("days_late_from") == 60) & pl.col("next").is_not_null())

    assert _share(month_behind, pl.col("next") < 30) == pytest.approx(0.51, abs=0.05)
    assert _share(month_behind, pl.col("next") >= 60) == pytest.approx(0.05, abs=0.03)
    assert _share(two_behind, pl.col("next") >= 90) == pytest.approx(0.29, abs=0.12)


def test_money_on_instalments_is_the_money_that_came_in(book: Tables):
    stands = book["payments"].filter(pl.col("reversed_at").is_null())
    came_in = stands.group_by("loan_id").agg(pl.col("amount").sum())
    allocated = book["instalments"].group_by("loan_id").agg(pl.col("paid").sum())
    both = allocated.join(came_in, on="loan_id", how="left").with_columns(pl.col("amount").fill_null(0))

    assert both.filter(pl.col("paid") != pl.col("amount")).is_empty()


def test_instalments_add_up_to_the_loan(book: Tables):
    lent = book["instalments"].group_by("loan_id").agg(pl.col("principal").sum().alias("lent"))

    assert lent.join(book["loans"], on="loan_id").filter(pl.col("lent") != pl.col("principal")).is_empty()


def test_older_instalments_are_paid_before_newer_ones(book: Tables):
    steps = (
        book["instalments"]
        .sort("loan_id", "number")
        .with_columns(
            pl.col("settled_on").shift(1).over("loan_id").alias("before"),
            pl.col("number").min().over("loan_id").alias("first"),
        )
    )
    out_of_turn = pl.col("settled_on").is_not_null() & (
        (pl.col("before") > pl.col("settled_on"))
        | (pl.col("before").is_null() & (pl.col("number") > pl.col("first")))
    )

    assert steps.filter(out_of_turn).is_empty()


def test_five_countries_and_their_money_carry_the_book(book: Tables):
    loans = book["loans"].join(book["borrowers"], on="borrower_id")
    pairs = Counter(loans.select("country", "currency").iter_rows())
    main = {("BD", "BDT"), ("LV", "EUR"), ("VN", "VND"), ("IR", "IRR"), ("GB", "GBP")}

    assert sum(pairs[pair] for pair in main) > 0.93 * loans.height
    assert all(pairs[pair] > 0.08 * loans.height for pair in main)
    assert {"US", "IN", "BR-SP", "DE"} <= {country for country, _ in pairs}


def test_awkward_people_are_there_in_small_shares(book: Tables):
    people, locations = book["borrowers"], book["locations"]
    zones = locations.group_by("borrower_id").agg(pl.col("timezone").n_unique())
    due = pl.from_epoch("due_on", "d")
    leap_days = book["instalments"].filter(due.dt.month() == 2, due.dt.day() == 29)
    ties = book["instalments"].join(book["loans"].select("loan_id", "borrower_id"), on="loan_id")
    tied = ties.group_by("borrower_id", "due_on", "principal", "interest").len().filter(pl.col("len") > 1)

    assert 0.001 < people["language"].is_null().mean() < 0.01
    assert 0.001 < people["timezone"].is_null().mean() < 0.01
    assert 0 < people["timezone"].is_in(["Asia/Saigon", "Asia/Calcutta"]).mean() < 0.01
    assert 0.01 < zones.filter(pl.col("timezone") > 1).height / people.height < 0.05
    assert leap_days.height > 0
    assert 0.002 < tied["borrower_id"].n_unique() / 20_000 < 0.02


def test_those_paid_after_the_due_day_pay_steadily_late(dues: pl.DataFrame):
    lag = (pl.col("settled_on") - pl.col("due_on")).drop_nulls()
    people = dues.group_by("loan_id").agg(
        lag.mean().alias("mean"), lag.var().alias("spread"), lag.len().alias("times")
    )
    steady = people.filter((pl.col("times") >= 4) & (pl.col("spread") < 4) & pl.col("mean").is_between(2, 15))

    assert 0.01 < steady.height / people.height < 0.04


def test_the_evening_and_the_first_contact_are_answered_more(book: Tables):
    local = (
        pl.from_epoch("send_at", "s").dt.replace_time_zone("UTC").dt.convert_time_zone("Asia/Dhaka").dt.hour()
    )
    answered = (
        book["responses"].filter(pl.col("human")).select("contact_id").unique().with_columns(answered=True)
    )
    bengali = book["borrowers"].filter(country="BD").select(person_id="borrower_id")
    sent = book["contacts"].filter(state="accepted").join(answered, on="contact_id", how="left")
    sent = sent.with_columns(pl.col("answered").fill_null(value=False))
    by_hour = sent.join(bengali, on="person_id").with_columns(local.alias("hour"))
    by_purpose = dict(sent.group_by("purpose").agg(pl.col("answered").mean()).iter_rows())
    evening, morning = (by_hour.filter(pl.col("hour").is_between(first, first + 1)) for first in (18, 8))

    assert _share(evening, pl.col("answered")) > 1.3 * _share(morning, pl.col("answered"))
    assert by_purpose["gentle_reminder"] > by_purpose["options_offer"] > by_purpose["firm_notice"]


def test_interests_are_kept_only_of_people_who_allow_offers(book: Tables):
    allowed = book["consents"].filter(purpose_class="offer").select("person_id").unique()
    strangers = book["interests"].join(allowed, on="person_id", how="anti")
    reachable = (
        book["contact_points"].filter(pl.col("channel").is_in(["app", "email", "sms"])).select("person_id")
    )

    # Who has no address for offers was never asked on a form; all others allowed them.
    assert (
        strangers.join(reachable.unique(), on="person_id", how="semi").height
        < 0.02 * book["interests"].height
    )


def test_promises_are_kept_broken_and_open(book: Tables):
    ends = Counter(book["promises"]["end"])
    known = ends["kept"] + ends["broken"]

    assert 0.5 < ends["kept"] / known < 0.85
    assert ends[None] > 0
    assert ends["withdrawn"] > 0


def test_every_code_is_one_that_content_knows(book: Tables):
    purposes = yaml.safe_load((CONTENT / "purposes.yaml").read_text(encoding="utf-8"))
    channels = yaml.safe_load((CONTENT / "channels.yaml").read_text(encoding="utf-8"))["channels"]
    kinds = yaml.safe_load((CONTENT / "holds.yaml").read_text(encoding="utf-8"))["holds"]
    used = {name: set(frame["channel"]) for name, frame in book.items() if "channel" in frame.columns}

    assert set(book["contacts"]["purpose"]) <= set(purposes["purposes"])
    assert set(book["consents"]["purpose_class"]) <= set(purposes["classes"])
    assert set().union(*used.values()) <= set(channels)
    assert set(book["holds"]["kind"]) == set(kinds)


def test_nothing_is_known_before_it_happened(book: Tables):
    later = {name: frame["recorded_at"].max() for name, frame in book.items()}

    assert {name: at for name, at in later.items() if at >= MIDNIGHT} == {}


def test_feeds_are_fresh_all_through_the_day(book: Tables):
    assert book["feeds"]["fresh_until"].min() >= MIDNIGHT + 86_400 - 1
