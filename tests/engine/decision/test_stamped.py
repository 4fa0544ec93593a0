"""Tables in memory beside their moments: one clock for all, or each row by its person."""

import polars as pl

from tests.people import moment
from tideover.engine.decision.stamped import Stamped

AT = moment("2026-11-20T06:00:00")
TODAY = 20_777
NOW = ("now__today", "now__utc_offset")


def tables(*zones):
    ids = [f"b{i}" for i in range(len(zones))]
    return {
        "borrowers": pl.DataFrame(
            {"borrower_id": ids, "timezone": zones}, schema_overrides={"timezone": pl.String}
        ),
        "loans": pl.DataFrame({"loan_id": [f"l{one}" for one in ids], "borrower_id": ids}),
        "contacts": pl.DataFrame({"contact_id": ["c"], "person_id": ["b0"]}),
        "contact_topics": pl.DataFrame({"contact_id": ["c"], "loan_id": ["lb0"]}),
    }


def test_where_all_clocks_agree_every_row_has_their_day():
    stamped = Stamped(tables("Europe/Riga", "Europe/Riga"), AT)

    assert stamped.frames["loans"].select(NOW).rows() == [(TODAY, 7_200)] * 2
    assert stamped.frames["contacts"]["now__at"].to_list() == [AT]


def test_where_they_do_not_a_row_has_its_persons_day():
    stamped = Stamped(tables("Europe/Riga", "America/Los_Angeles", None), AT)

    assert stamped.frames["borrowers"].select(NOW).rows() == [
        (TODAY, 7_200),
        (TODAY - 1, -28_800),
        (TODAY, 0),
    ]
    assert stamped.frames["contacts"].select(NOW).rows() == [(TODAY, 7_200)]


def test_rows_that_are_added_stand_after_the_books_with_the_clocks_of_their_people():
    stamped = Stamped(tables("Europe/Riga", "America/Los_Angeles"), AT)
    own = pl.DataFrame({"contact_id": ["own"], "person_id": ["b1"]})

    both = stamped.plus({"contacts": own})

    assert both.frames["contacts"].select("contact_id", *NOW).rows() == [
        ("c", TODAY, 7_200),
        ("own", TODAY - 1, -28_800),
    ]
    assert stamped.frames["contacts"].height == 1


def test_a_table_that_the_book_has_not_is_empty():
    stamped = Stamped(tables("Europe/Riga"), AT)

    assert stamped.rows("promises", {"promise_id": pl.String()}).rows() == []
    assert stamped.plus({"promises": tables("Europe/Riga")["contacts"]}).frames["promises"].height == 1
