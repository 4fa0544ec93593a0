"""From night to night only what is new is read and written, and the book is the one that would be written anew."""

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from tests.people import AT
from tideover.book.actions import record
from tideover.book.mirror import mirrored, mirrored_then
from tideover.book.models import FACTS
from tideover.engine.facts import TABLES

NOW = datetime.fromtimestamp(AT, UTC)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db

PEOPLE, LOANS = ("ana", "ben", "cho"), ("l1", "l2", "l3")


def said(book, table):
    return book.frame(table).to_native().collect().select(TABLES[table].names).sort(TABLES[table].key)


def somebody(name, at=NOW, **more):
    record("borrowers", [{"borrower_id": name, "timezone": "Europe/Riga", **more}], source="a", at=at)


def a_loan(number, at=NOW, **more):
    row = {"loan_id": LOANS[number], "borrower_id": PEOPLE[number], "currency": "EUR", "principal": 100_00}
    record("loans", [{**row, **more}], source="a", at=at)


def files_of(folder, table):
    return {it.stat().st_ino for it in (folder / "book" / "current").glob(f"{table}*/**/*.parquet")}


events = st.lists(
    st.tuples(
        st.sampled_from(["borrowers", "loans"]), st.integers(0, 2), st.integers(0, 5), st.integers(1, 3)
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nights=st.lists(events, min_size=1, max_size=3))
def test_the_renewed_book_is_the_one_written_anew(nights, tmp_path_factory):
    for model in (FACTS["borrowers"], FACTS["loans"]):
        model.objects.all().delete()
    place = tmp_path_factory.mktemp("mirror")
    somebody("ana")
    a_loan(0)
    mirrored(place / "renewed", at=NOW)
    for night, happened in enumerate(nights, 1):
        at = NOW + night * timedelta(days=1)
        for table, who, hours_before, value in happened:
            if table == "borrowers":
                somebody(PEOPLE[who], at - hours_before * HOUR, branch=f"b{value}")
            else:
                a_loan(who, at - hours_before * HOUR, principal=value)
        renewed = mirrored(place / "renewed", at=at)
        anew = mirrored(place / f"anew-{night}", at=at)

        for table in ("borrowers", "loans"):
            assert said(renewed, table).equals(said(anew, table))
        assert renewed.stamp.rows == anew.stamp.rows
        renewed.verify()


def test_what_is_recorded_while_the_night_runs_belongs_to_the_next_one(tmp_path):
    somebody("ana", branch="north")
    a_loan(0)
    mirrored(tmp_path, at=NOW)
    somebody("ana", at=NOW + 2 * HOUR, branch="south")

    tonight = mirrored(tmp_path, at=NOW + HOUR)
    assert said(tonight, "borrowers")["branch"].to_list() == ["north"]

    tomorrow = mirrored(tmp_path, at=NOW + 3 * HOUR)
    assert said(tomorrow, "borrowers")["branch"].to_list() == ["south"]


def test_a_row_that_was_committed_late_with_an_early_number_is_not_lost(tmp_path):
    somebody("ana")
    a_loan(0)
    late = FACTS["borrowers"].objects.create(borrower_id="ben", recorded_at=NOW, seed=1)
    somebody("cho")
    number = late.pk
    late.delete()  # as if its transaction were still open
    mirrored(tmp_path, at=NOW)

    FACTS["borrowers"].objects.create(pk=number, borrower_id="ben", recorded_at=NOW, seed=1)
    book = mirrored(tmp_path, at=NOW + HOUR)

    assert said(book, "borrowers")["borrower_id"].to_list() == ["ana", "ben", "cho"]


def test_a_table_of_which_nothing_is_new_is_not_written_again(tmp_path):
    somebody("ana")
    a_loan(0)
    mirrored(tmp_path, at=NOW)
    before = files_of(tmp_path, "loans")
    somebody("ben", at=NOW + HOUR)

    mirrored(tmp_path, at=NOW + 2 * HOUR)

    assert files_of(tmp_path, "loans") == before


def test_a_book_left_halfway_is_written_anew(tmp_path):
    somebody("ana")
    a_loan(0)
    mirrored(tmp_path, at=NOW)
    next((tmp_path / "book" / "current").glob("borrowers*")).write_bytes(b"")
    somebody("ben", at=NOW + HOUR)

    book = mirrored(tmp_path, at=NOW + 2 * HOUR)

    assert said(book, "borrowers")["borrower_id"].to_list() == ["ana", "ben"]


def test_a_past_moment_is_seen_as_it_was_known_then(tmp_path):
    somebody("ana", branch="north")
    a_loan(0)
    somebody("ana", at=NOW + 2 * HOUR, branch="south")
    mirrored(tmp_path / "mirror", at=NOW + 3 * HOUR)

    book = mirrored_then(tmp_path / "mirror", tmp_path / "then", at=NOW + 3 * HOUR)

    known = book.as_of(AT + 3_600).frame("borrowers").to_native().collect()
    assert known.filter(pl.col("borrower_id") == "ana")["branch"].to_list() == ["north"]


def test_after_the_contract_has_changed_the_mirror_is_read_anew(tmp_path):
    somebody("ana")
    a_loan(0)
    mirrored(tmp_path, at=NOW)
    before_it_changed(tmp_path)

    book = mirrored(tmp_path, at=NOW + HOUR)

    assert said(book, "loans").equals(said(mirrored(tmp_path / "anew", at=NOW + HOUR), "loans"))
    assert said(book, "loans")["currency"].to_list() == ["EUR"]


def before_it_changed(folder):
    """As the version before left it, whose loans had no currency and whose notes named no columns."""
    for note in (*folder.glob("*/fetched.json"), folder / "book" / "applied.json"):
        kept = json.loads(note.read_text("utf-8"))
        del kept["columns"]
        note.write_text(json.dumps(kept))
    for it in folder.glob("loans/*.parquet"):
        pl.read_parquet(it).drop("currency").write_parquet(it)


def test_a_file_that_was_cut_short_is_fetched_anew(tmp_path):
    for number, name in enumerate(PEOPLE):
        somebody(name)
        a_loan(number)
    mirrored(tmp_path, at=NOW)
    cut_short(tmp_path / "loans" / "00000000.parquet")
    cut_short(next((tmp_path / "book" / "current").glob("loans*")))
    a_loan(0, NOW + HOUR, principal=200_00)

    with capture_logs() as told:
        book = mirrored(tmp_path, at=NOW + 2 * HOUR)

    assert said(book, "loans")["principal"].to_list() == [200_00, 100_00, 100_00]
    assert [it["damaged"] for it in told if it["event"] == "mirror_written_anew"] == [["loans"]]
    assert said(mirrored(tmp_path, at=NOW + 3 * HOUR), "loans").equals(said(book, "loans"))


def test_a_book_that_cannot_be_renewed_is_written_anew(tmp_path):
    for number, name in enumerate(PEOPLE):
        somebody(name)
        a_loan(number)
    mirrored(tmp_path, at=NOW)
    file = next((tmp_path / "book" / "current").glob("loans*"))
    file.write_bytes(bytes(file.stat().st_size))
    a_loan(0, NOW + HOUR, principal=200_00)

    book = mirrored(tmp_path, at=NOW + 2 * HOUR)

    assert said(book, "loans")["principal"].to_list() == [200_00, 100_00, 100_00]


def test_a_state_that_was_not_written_to_its_end_is_no_end_of_nights(tmp_path):
    somebody("ana")
    a_loan(0)
    mirrored(tmp_path, at=NOW)
    (tmp_path / "borrowers" / "fetched.json").write_text("")

    assert said(mirrored(tmp_path, at=NOW + HOUR), "borrowers")["borrower_id"].to_list() == ["ana"]


def test_an_error_that_no_damage_explains_is_not_hidden(tmp_path):
    (tmp_path / "mirror").write_text("no folder")

    with pytest.raises(OSError, match="mirror"):
        mirrored(tmp_path / "mirror", at=NOW)


def cut_short(file):
    file.write_bytes(file.read_bytes()[:100])


def test_rows_of_our_own_that_cannot_both_be_right_are_set_aside_and_everybody_else_is_in_the_book(tmp_path):
    for number, name in enumerate(PEOPLE):
        somebody(name)
        a_loan(number)
    a_loan(0, NOW + HOUR, currency="USD")

    with capture_logs() as told:
        book = mirrored(tmp_path, at=NOW + 2 * HOUR)

    assert said(book, "loans")["currency"].to_list() == ["USD", "EUR", "EUR"]
    (aside,) = [it for it in told if it["event"] == "rows_set_aside"]
    assert (aside["table"], aside["rows"], aside["because"]) == ("loans", 1, ["mixed_currency"])
