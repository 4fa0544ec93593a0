"""After the start the book tells what people did; what the lender did is the business of the strategy that is tried."""

import polars as pl
import pytest

from tests.engine.measure.conftest import DAY, START, on_disk
from tests.people import row, someone, together
from tideover.engine.decision.whole_book import in_polars
from tideover.engine.measure.before import Yesterdays

LONG_AGO = START - 45 * DAY


@pytest.fixture(scope="module")
def tables(book):
    return Yesterdays(book, LONG_AGO).on(START, book.tables)


@pytest.fixture(scope="module")
def recorded(book):
    return {name: in_polars(frame) for name, frame in book.as_of(START).tables.items()}


@pytest.mark.parametrize(("table", "moment"), [("contacts", "recorded_at"), ("promises", "made_at")])
def test_what_the_lender_did_ends_at_the_start(table, moment, tables, recorded):
    assert recorded[table][moment].max() > LONG_AGO
    assert tables[table].filter(pl.col(moment) > LONG_AGO).height == 0
    assert tables[table].height == recorded[table].filter(pl.col(moment) <= LONG_AGO).height


def test_talks_that_people_began_stay_and_those_we_began_do_not(tables, recorded):
    since = pl.col("at") > LONG_AGO
    kept, known = tables["conversations"].filter(since), recorded["conversations"].filter(since)

    assert known.filter(by="us").height > 0
    assert kept.height == known.filter(by="them").height > 0
    assert kept.filter(by="us").height == 0


@pytest.mark.parametrize("table", ["instalments", "payments", "holds", "preferences", "borrowers", "plans"])
def test_what_people_did_is_known_as_it_was_recorded(table, tables, recorded):
    key = recorded[table].columns

    assert tables[table].sort(key).equals(recorded[table].sort(key))


def test_a_table_of_a_day_is_computed_once(book):
    days = Yesterdays(book, LONG_AGO)

    first, second = days.on(START, ["payments"]), days.on(START, ["payments", "contacts"])

    assert first["payments"] is second["payments"]
    assert days.on(START + DAY, ["payments"])["payments"].height >= first["payments"].height
    assert days.on(START + DAY, ["contacts"])["contacts"] is second["contacts"]


def test_a_visit_after_the_start_is_ours_and_a_talk_nobody_knows_who_began_stays(tmp_path):
    known = {"person_id": "anna", "recorded_at": START - 9 * DAY}
    visits = [row("visits", visit_id=f"v{n}", at=START + n * DAY, **known) for n in (-1, 1)]
    talks = [
        row("conversations", conversation_id=f"t{by}", at=START + DAY, by=by, **known) for by in ("us", None)
    ]
    loan = {"loan_id": "l1", "borrower_id": "anna", "currency": "GBP"}
    due = {
        "loan_id": "l1",
        "number": 1,
        "due_on": 20_000,
        "principal": 1,
        "interest": 0,
        "fees": 0,
        "paid": 0,
    }
    tables = {
        "loans": [row("loans", **loan)],
        "instalments": [row("instalments", **due)],
        "visits": visits,
        "conversations": talks,
    }
    book = on_disk(together(someone("anna"), tables), tmp_path / "book")

    kept = Yesterdays(book, START).on(START + 2 * DAY, ["visits", "conversations"])

    assert kept["visits"]["visit_id"].to_list() == ["v-1"]
    assert kept["conversations"]["conversation_id"].to_list() == ["tNone"]
