"""The shipped mappings on the real data sets they describe: nothing lost, nothing known too early."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml

from tests.engine.facts.mapping_given import day, moment, real, table
from tideover.engine.facts import Quality, open_book
from tideover.engine.facts.mapping import Summary, import_source, mapping_path, read_mapping, source_names

CONTENT = mapping_path("superlender_ng").parents[1]


@pytest.fixture(scope="module", params=source_names())
def imported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Summary]:
    """Each source, imported once: the folder that holds its book, and the summary."""
    return imported_once(request.param, tmp_path_factory)


_books: dict[str, tuple[Path, Summary]] = {}


def imported_once(name: str, folders: pytest.TempPathFactory) -> tuple[Path, Summary]:
    files = real(name)
    if name not in _books:
        folder = folders.mktemp(name)
        _books[name] = (folder, import_source(name, [files], folder / "book"))
    return _books[name]


@pytest.fixture
def mobile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imported_once("superlender_ng", tmp_path_factory)[0]


@pytest.fixture
def cards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imported_once("uci_credit_default", tmp_path_factory)[0]


@pytest.fixture
def months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imported_once("card_monthly_status", tmp_path_factory)[0]


@pytest.fixture
def terms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imported_once("lendingclub_openintro", tmp_path_factory)[0]


@pytest.fixture
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imported_once("berka_pkdd99", tmp_path_factory)[0]


@pytest.mark.parametrize("name", source_names())
def test_every_shipped_mapping_reads_without_a_problem(name: str) -> None:
    assert read_mapping(mapping_path(name)).mapping.source == name


@pytest.mark.parametrize("name", source_names())
def test_assumptions_name_known_channels_and_classes_and_never_offers(name: str) -> None:
    channels = yaml.safe_load((CONTENT / "channels.yaml").read_text())["channels"]
    classes = yaml.safe_load((CONTENT / "purposes.yaml").read_text())["classes"]
    assume = read_mapping(mapping_path(name)).mapping.assume

    assert set(assume.channel or {}) <= set(channels)
    assert {one.address for one in (assume.channel or {}).values()} <= {
        one["address"] for one in channels.values()
    }
    assert assume.consent is None or set(assume.consent.channels) <= set(channels)
    assert assume.consent is None or set(assume.consent.classes) <= set(classes) - {"offer", "survey"}


def test_every_row_is_kept_left_out_or_set_aside(imported: tuple[Path, Summary]) -> None:
    folder, summary = imported

    for one in summary.files:
        assert one.rows == one.used + one.set_aside
    quality = Quality.model_validate_json((folder / "book" / "quality.json").read_text())
    for name, count in summary.tables.items():
        assert count.rows == count.kept + count.set_aside == quality.tables[name].rows
    assert not any(one.bad for one in quality.tables.values())


def test_nothing_is_known_before_it_happened(imported: tuple[Path, Summary]) -> None:
    folder, _ = imported
    known = open_book(folder / "book")
    for name in ("loans", "instalments", "payments", "standings"):
        for path in (
            folder / "book" / "history" / f"{name}.parquet",
            folder / "book" / "current" / f"{name}.parquet",
        ):
            if path.exists() and name in known.tables:
                rows = pl.read_parquet(path).with_columns(pl.col("recorded_at").dt.date().alias("known"))
                for column in {"closed_on", "settled_on", "on"} & set(rows.columns):
                    # A local day ends at most 14 hours before the day of UTC does.
                    early = rows.filter(pl.col(column) > pl.col("known") + pl.duration(days=1))
                    assert early.height == 0, f"{name}.{column} is known too early"


def test_a_mobile_loan_is_open_until_it_is_paid(mobile: Path) -> None:
    loan = "301682320"  # lent 15 August 2016, due 14 September, paid and closed 1 September

    def paid(at: str) -> list[int]:
        return table(mobile, "instalments", at=at).filter(loan_id=loan)["paid"].to_list()

    assert paid("2016-08-15T16:00") == []
    assert paid("2016-08-15T18:00") == [0]
    assert paid("2016-09-01T14:00") == [0]
    assert paid("2016-09-01T15:30") == [1_300_000]
    assert table(mobile, "loans", at="2016-09-01T14:00").filter(loan_id=loan)["closed_on"].to_list() == [None]
    assert table(mobile, "loans").filter(loan_id=loan)["closed_on"].to_list() == [day("2016-09-01")]


def test_how_the_current_mobile_loans_end_is_no_fact_of_the_book(mobile: Path) -> None:
    labels = pl.read_parquet(mobile / "book" / "labels.parquet")
    current = table(mobile, "instalments").filter(pl.col("loan_id").is_in(labels["loan_id"].implode()))

    assert labels.height == 2_981
    assert round(labels["ended_badly"].mean() or 0, 3) == 0.214
    assert current["paid"].sum() == 0
    assert current["settled_on"].is_null().all()
    assert table(mobile, "loans").filter(pl.col("closed_on").is_null()).height == 2_981


def test_the_share_of_late_first_instalments_is_near_the_published_one(mobile: Path) -> None:
    first = table(mobile, "instalments").filter(pl.col("settled_on").is_not_null(), number=1)
    late = (first["settled_on"] > first["due_on"]).mean()

    # 17.4 % by the first payment; a little more where that was only a part.
    assert isinstance(late, float)
    assert 0.174 <= late < 0.18


def test_cards_default_more_often_the_more_months_were_late(cards: Path) -> None:
    late = (
        table(cards, "standings").group_by("loan_id").agg((pl.col("days_late_from") > 0).sum().alias("late"))
    )
    labels = pl.read_parquet(cards / "book" / "labels.parquet")
    chance = late.join(labels, on="loan_id").group_by("late").agg(pl.col("ended_badly").mean())
    by_late = dict(chance.iter_rows())

    assert [round(by_late[months], 3) for months in (0, 1, 6)] == [0.12, 0.298, 0.698]


def test_protected_attributes_are_in_their_own_table_alone(cards: Path) -> None:
    assert set(table(cards, "protected")["name"].unique()) == {"sex", "age", "marriage", "education"}
    for name in ("borrowers", "loans", "standings", "payments"):
        columns = {column.lower() for column in table(cards, name).columns}
        assert not columns & {"sex", "age", "marriage", "education"}


def test_month_end_classes_replay_month_by_month(months: Path) -> None:
    assert table(months, "standings").height == 520_849 - 103_640
    seen = table(months, "standings", at="2018-06-15")
    assert seen["on"].max() == day("2018-05-31")


def test_a_cards_class_moves_as_the_publisher_counted(months: Path) -> None:
    rows = table(months, "standings").sort("loan_id", "on")
    after = pl.col("days_late_from").shift(-1).over("loan_id")
    rows = rows.with_columns(after.alias("after")).filter(pl.col("days_late_from") == 30)

    assert round((rows["after"] > 30).mean() or 0, 3) == 0.053


def test_peer_loans_that_are_current_owe_nothing_and_late_ones_do(terms: Path) -> None:
    overdue = pl.col("principal") + pl.col("interest") - pl.col("paid")
    due = table(terms, "instalments").filter(pl.col("due_on") < day("2018-06-30"))
    owed = due.group_by("loan_id").agg(overdue.sum().alias("owed"))
    both = owed.join(table(terms, "standings"), on="loan_id")

    assert both.filter(days_late_from=0)["owed"].sum() == 0
    assert (both.filter(pl.col("days_late_from") >= 31)["owed"] > 0).all()


def test_people_of_a_state_with_two_clocks_are_in_both(terms: Path) -> None:
    both = table(terms, "locations").join(table(terms, "borrowers"), on="borrower_id")

    florida = both.filter(country_right="US-FL").row(0, named=True)
    assert (florida["timezone_right"], florida["timezone"]) == ("America/New_York", "America/Chicago")


def test_the_banks_payments_settle_what_was_due_save_for_the_one_bad_loan(bank: Path) -> None:
    end = "1994-03-31T23:00"
    due = table(bank, "instalments", at=end).filter(pl.col("due_on") < day("1994-03-31"))
    unpaid = due.filter(pl.col("paid") < pl.col("principal"))

    assert due.height == 131
    assert unpaid["loan_id"].unique().to_list() == ["5314"]
    assert table(bank, "standings").filter(loan_id="5314")["days_late_from"].to_list() == [1]


def test_the_bank_knows_up_to_when_it_knows_payments(bank: Path) -> None:
    assert table(bank, "feeds")["fresh_until"].to_list() == [moment("1994-03-31T21:59:59")]


def test_who_may_use_the_paying_account_has_no_part_in_the_loan(bank: Path) -> None:
    parties = table(bank, "parties")

    assert parties.height == 145
    assert parties["may_be_told"].unique().to_list() == ["nothing"]


def test_womens_birth_numbers_are_days_too(bank: Path) -> None:
    protected = {
        row["name"]: row["value"] for row in table(bank, "protected").filter(person_id="1").to_dicts()
    }

    assert protected == {"birth_on": str(date(1970, 12, 13)), "sex": "female"}
