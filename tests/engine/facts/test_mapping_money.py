"""Schedules add up to what was lent, and payments reach the oldest instalment first."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.facts.mapping_given import HEAD, day, import_small, table

LENT = (
    HEAD
    + """
files:
  lent:
    names: [lent.csv]
    parse:
      loan: text
      on: day
      amount: money
      rate: {as: rate, of: percent}
      each: money
      n: count
      fees: money
  payments:
    names: [payments.csv]
    parse: {id: text, loan: text, paid: money, at: {as: moment, format: "%Y-%m-%d %H:%M"}}
frames:
  parts:
    from: lent
    steps:
      - schedule: SCHEDULE
  reached:
    from: parts
    steps:
      - allocate:
          payments: payments
          by: loan
          amount: paid
          at: at
          due: principal_due + interest_due + fees_due
          order: [number]
tables:
  borrowers:
    from: lent
    columns: {borrower_id: loan}
    versions: [{recorded_at: start_of(on), because: then}]
  loans:
    from: lent
    columns: {loan_id: loan, borrower_id: loan}
    versions: [{recorded_at: start_of(on), because: then}]
  instalments:
    - from: parts
      columns: &part
        {loan_id: loan, number: number, due_on: due_on, principal: principal_due, interest: interest_due,
         fees: fees_due, paid: 0}
      versions: [{recorded_at: start_of(on), because: then}]
    - from: reached
      columns: {<<: *part, paid: paid, settled_on: settled_on}
      versions: [{recorded_at: at, because: then}]
"""
)
EVEN = "{count: n, first_due_on: on + 30, every: {days: 30}, principal: amount, fees: fees, interest: each}"
ANNUITY = "{count: n, starts_on: on, every: {months: 1}, principal: amount, rate: rate}"
NOTHING = "id,loan,paid,at\n"


def schedule(folder: Path, terms: str, loan: str, payments: str = NOTHING) -> pl.DataFrame:
    folder.mkdir(exist_ok=True)
    files = {"lent.csv": f"loan,on,amount,rate,each,n,fees\n{loan}", "payments.csv": payments}
    import_small(folder, LENT.replace("SCHEDULE", terms), files)
    return table(folder, "instalments")


def test_an_annuity_is_the_one_every_textbook_has(tmp_path: Path) -> None:
    parts = schedule(tmp_path, ANNUITY, "L,2026-01-31,1000.00,12,,12,\n")

    assert (parts["principal"] + parts["interest"])[:11].unique().to_list() == [8_885]
    assert parts["interest"][0] == 1_000
    assert parts["principal"].sum() == 100_000
    assert parts["due_on"][0] == day("2026-02-28")
    assert parts["due_on"][2] == day("2026-04-30")


def test_without_interest_an_annuity_is_even_parts(tmp_path: Path) -> None:
    parts = schedule(tmp_path, ANNUITY, "L,2026-01-31,100.00,0,,3,\n")

    assert parts["principal"].sum() == 10_000
    assert parts["interest"].sum() == 0


def test_a_given_instalment_is_kept_and_the_last_one_settles_the_rest(tmp_path: Path) -> None:
    terms = ANNUITY.replace("rate: rate", "rate: rate, instalment: each")

    parts = schedule(tmp_path, terms, "L,2026-01-15,1000.00,12,90.00,12,\n")

    totals = (parts["principal"] + parts["interest"]).to_list()
    assert totals[:11] == [9_000] * 11
    assert totals[11] < 9_000
    assert parts["principal"].sum() == 100_000


def test_interest_and_fees_given_as_totals_are_spread_evenly(tmp_path: Path) -> None:
    parts = schedule(tmp_path, EVEN, "L,2026-01-01,100.00,,10.00,3,1.00\n")

    assert parts["principal"].to_list() == [3_333, 3_333, 3_334]
    assert parts["interest"].to_list() == [333, 334, 333], "so that the sums differ by one cent at most"
    assert parts["fees"].to_list() == [33, 33, 34]
    assert parts["due_on"].to_list() == [day("2026-01-31"), day("2026-03-02"), day("2026-04-01")]


def test_terms_that_make_no_schedule_are_set_aside(tmp_path: Path) -> None:
    files = {
        "lent.csv": "loan,on,amount,rate,each,n,fees\nA,2026-01-01,10.00,,0,0,0\nB,2026-01-01,10.00,,0,1,0\n"
    }

    summary = import_small(tmp_path, LENT.replace("SCHEDULE", EVEN), {**files, "payments.csv": NOTHING})

    assert [(one.frame, one.because) for one in summary.set_aside] == [
        ("parts", "its terms make no schedule")
    ]


@given(st.integers(0, 10**9), st.integers(0, 10**6), st.integers(0, 10**4), st.integers(1, 60))
def test_even_parts_add_up_and_their_sums_are_even(
    principal: int, interest: int, fees: int, count: int
) -> None:
    from tideover.engine.facts.mapping._schedule import _spread

    rows = pl.LazyFrame({"number": range(1, count + 1)}).with_columns(
        __owed=pl.lit(principal), __interest=pl.lit(interest), __fees=pl.lit(fees), __n=pl.lit(count)
    )
    made = _spread(rows).collect()

    assert [made[one].sum() for one in ("principal_due", "interest_due", "fees_due")] == [
        principal,
        interest,
        fees,
    ]
    assert (
        min(
            made[one].to_list() and min(made[one].to_list())
            for one in ("principal_due", "interest_due", "fees_due")
        )
        >= 0
    )
    if interest >= count:
        together = (made["principal_due"] + made["interest_due"]).to_list()
        assert max(together) - min(together) <= 1


@given(st.integers(100, 10**9), st.integers(0, 900_000), st.integers(1, 60), st.sampled_from([1, 3]))
def test_principal_adds_up_whatever_the_terms(principal: int, rate: int, count: int, months: int) -> None:
    from tideover.engine.facts.mapping._schedule import _on_what_is_owed

    rows = pl.LazyFrame({"number": range(1, count + 1)}).with_columns(
        __owed=pl.lit(principal),
        __rate=pl.lit(rate),
        __n=pl.lit(count),
        __step=pl.lit(months),
        __each=pl.lit(None, dtype=pl.Int64),
        __fees=pl.lit(0),
    )
    made = _on_what_is_owed(rows, "months").collect()

    assert made["principal_due"].sum() == principal
    assert (made["principal_due"] >= 0).all()
    assert (made["interest_due"] >= 0).all()


def test_payments_reach_the_oldest_instalment_first_and_are_known_when_they_came(tmp_path: Path) -> None:
    payments = "id,loan,paid,at\np1,L,15.00,2026-02-10 10:00\np2,L,5.00,2026-03-20 09:00\np3,L,99.00,2026-04-01 12:00\n"
    schedule(tmp_path, EVEN, "L,2026-01-01,30.00,,0,3,0\n", payments)

    assert table(tmp_path, "instalments", at="2026-02-09")["paid"].to_list() == [0, 0, 0]
    first = table(tmp_path, "instalments", at="2026-02-11")
    assert first["paid"].to_list() == [1_000, 500, 0]
    assert first["settled_on"].to_list() == [day("2026-02-10"), None, None]
    second = table(tmp_path, "instalments", at="2026-03-21")
    assert second["paid"].to_list() == [1_000, 1_000, 0]
    assert second["settled_on"][1] == day("2026-03-20")
    # What was paid beyond the last instalment belongs to none.
    assert table(tmp_path, "instalments")["paid"].to_list() == [1_000, 1_000, 1_000]


dues = st.lists(st.integers(0, 300), min_size=1, max_size=6)
paid = st.lists(st.tuples(st.integers(1, 5), st.integers(-50, 400)), max_size=6)


@given(dues, paid)
def test_allocation_is_what_a_clerk_would_do_by_hand(owed: list[int], came: list[tuple[int, int]]) -> None:
    from tideover.engine.facts.mapping import _model as model
    from tideover.engine.facts.mapping._allocate import allocate
    from tideover.engine.facts.mapping._functions import functions
    from tideover.engine.facts.mapping._parse import Reading
    from tideover.engine.facts.mapping._work import Frame, Work
    from tideover.engine.facts.tables import Kind

    instalments = pl.LazyFrame({"loan": "L", "number": range(len(owed)), "due": owed})
    moments = [pl.Series([date(2026, 1, one)]).cast(pl.Datetime("us", "UTC"))[0] for one, _ in came]
    payments = pl.LazyFrame(
        {"loan": ["L"] * len(came), "paid": [one for _, one in came], "at": moments},
        schema={"loan": pl.String, "paid": pl.Int64, "at": pl.Datetime("us", "UTC")},
    )
    work = Work(Reading("EUR", "UTC"), Path(), dry=True, constants={}, functions=functions("UTC"))
    work.frames["payments"] = Frame(payments, {"loan": Kind.TEXT, "paid": Kind.MONEY, "at": Kind.MOMENT})
    said = model.Allocate.model_validate(
        {
            "payments": "payments",
            "by": "loan",
            "amount": "paid",
            "at": "at",
            "due": "due",
            "order": ["number"],
        }
    )
    frame = Frame(instalments, {"loan": Kind.TEXT, "number": Kind.COUNT, "due": Kind.MONEY})

    rows = allocate(said, frame, work, "x", ()).rows.collect()

    found = {(row["number"], row["at"].day): (row["paid"], row["settled_on"]) for row in rows.to_dicts()}
    assert found == by_hand(owed, came)


def by_hand(owed: list[int], came: list[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, date | None]]:
    """Each day's money goes to the first instalment that is open, then to the next."""
    so_far = [0] * len(owed)
    told: dict[tuple[int, int], tuple[int, date | None]] = {}
    for one in sorted({when for when, _ in came}):
        money = sum(amount for when, amount in came if when == one and amount > 0)
        for number, due in enumerate(owed):
            part = min(money, due - so_far[number])
            if part > 0:
                money -= part
                so_far[number] += part
                told[number, one] = (so_far[number], date(2026, 1, one) if so_far[number] == due else None)
    return told


@pytest.mark.parametrize("unit", ["{weeks: 1}", "{days: 7}"])
def test_weekly_instalments_are_a_week_apart(tmp_path: Path, unit: str) -> None:
    parts = schedule(tmp_path, EVEN.replace("{days: 30}", unit), "L,2026-01-01,30.00,,0,3,0\n")

    assert parts["due_on"].diff().drop_nulls().to_list() == [7, 7]
