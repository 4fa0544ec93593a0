"""A total leads to its rows: the filter it names finds exactly them, on every engine and in SQL."""

import duckdb
import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.measure.conftest import START
from tideover.engine.decision.whole_book import decide_book
from tideover.engine.measure import Where, summary
from tideover.engine.measure.cells import count
from tideover.engine.measure.where import codes

COLUMNS = ("treatment", "purpose", "policy", "step", "channel", "arm", "reason", "blocked_by")


@pytest.fixture(scope="module")
def run(book, everyday, tmp_path_factory):
    return decide_book(book, everyday, START, tmp_path_factory.mktemp("runs") / "day")


@pytest.fixture(scope="module")
def summed(run):
    return summary(run.lazy("decisions"), run.lazy("topics"), run.lazy("offers"))


@pytest.mark.parametrize("column", COLUMNS)
def test_every_total_equals_the_rows_its_filter_finds(column, run, summed):
    decisions = run.lazy("decisions")

    for total in summed.by(column):
        found = total.where.rows(decisions).collect()
        assert len(found) == total.rows, str(total.where)
        assert found.get_column("cost").sum() == total.cost, str(total.where)


@pytest.mark.parametrize("column", COLUMNS)
def test_the_condition_in_sql_finds_the_same_rows(column, run, summed):
    for total in summed.by(column):
        rows = duckdb.sql(
            f"select count(*) from '{run.out}/decisions/*.parquet' where {total.where.sql}"
        ).fetchall()
        assert rows == [(total.rows,)], total.where.sql


def test_the_same_sums_come_from_another_engine(run, summed):
    on_duckdb = nw.from_native(duckdb.sql(f"select * from '{run.out}/decisions/*.parquet'"))
    on_duckdb = on_duckdb.with_columns(at=nw.lit(START))

    assert count(on_duckdb).cells == count(run.lazy("decisions").with_columns(at=nw.lit(START))).cells


def test_people_are_spoken_to_called_waiting_or_left_in_peace_and_nothing_else(run, summed):
    rows = run.frame("decisions").collect()

    assert summed.people == rows.height
    assert summed.people == summed.contacts + summed.human_calls + summed.waits + summed.left_in_peace
    assert summed.human_calls == rows.filter(treatment="human").height


def test_what_waits_costs_nothing_yet(run, summed):
    made = run.frame("decisions").filter(pl.col("treatment").is_in(["contact", "human"])).collect()

    assert summed.cost == made["cost"].sum()
    assert summed.by("treatment", Where.of(treatment="wait"))[0].cost > 0


def test_a_narrower_filter_finds_fewer_rows_and_says_so():
    where = Where.of(treatment="wait").also(blocked_by="default_budget_day")

    assert str(where) == "treatment = wait and blocked_by holds 'default_budget_day'"
    assert where.sql == "treatment = 'wait' and regexp_matches(blocked_by, '(^|,)default_budget_day($|[,@])')"
    assert (str(Where()), Where().sql) == ("every row", "true")
    assert str(Where.of(channel=None)) == "channel is empty"


CODES = st.sampled_from(["no_address", "no_address_book", "address", "refused", "no"])
HELD = st.lists(st.tuples(CODES, st.sampled_from(["", "@app", "@sms"])).map("".join), max_size=4).map(
    ",".join
)


@given(held=st.lists(HELD, min_size=1, max_size=6), asked=CODES)
def test_a_code_is_found_whole_and_never_as_a_part_of_another(held, asked):
    rows = nw.from_native(pl.LazyFrame({"blocked_by": held}))

    found = Where.of(blocked_by=asked).rows(rows).collect().get_column("blocked_by").to_list()

    assert found == [text for text in held if asked in codes(text)]


def test_the_text_for_the_terminal_names_what_was_decided(summed):
    text = summed.as_text(width=100)

    assert f"{summed.people} people decided" in text
    assert f"{summed.human_calls:,}" in text
    assert max(map(len, text.splitlines())) <= 100
    assert "left in peace" in text
    assert "Contacts cost" in text
