"""Today's list: who, what, how, when and why, in the people's own language, safe to open."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from tideover.engine.facts.spreadsheet import write_todays_list

AT = datetime(2026, 3, 12, 8, tzinfo=UTC)

DECISIONS = pl.DataFrame(
    {
        "borrower_id": ["b1", "b2", "b3", "b4"],
        "treatment": ["contact", "human", "none", "wait"],
        "purpose": ["leeway_note", "help_call", None, "due_soon"],
        "channel": ["sms", "call", None, "email"],
        "send_at": [
            datetime(2026, 3, 12, 14, 30, tzinfo=UTC),
            datetime(2026, 3, 12, 9, tzinfo=UTC),
            None,
            None,
        ],
        "next_review_at": [None, None, AT, datetime(2026, 3, 14, 6, tzinfo=UTC)],
        "reasons": ["spotless_history,leeway_days_running", "late_for_weeks", "nothing_due", "payment_near"],
    }
)
PEOPLE = pl.DataFrame(
    {
        "person_id": ["b1", "b2", "b4"],
        "name": ["Anna Bērziņa", '=HYPERLINK("http://x")', "مریم"],
        "phone": ["+37120000001", "+37120000002", None],
        "email": [None, None, "m@example.org"],
    }
)


def sheets(path: Path) -> dict[str, list[tuple[str, ...]]]:
    book = fastexcel.read_excel(path)
    return {
        name: book.load_sheet(name, header_row=None, dtypes="string").to_polars().fill_null("").rows()
        for name in book.sheet_names
    }


@pytest.fixture
def english(tmp_path: Path) -> dict[str, list[tuple[str, ...]]]:
    words = {"spotless_history": "Every payment before was on time.", "leeway_note": "days of leeway"}
    return sheets(
        write_todays_list(DECISIONS, PEOPLE, tmp_path / "today.xlsx", timezone="Europe/Riga", words=words)
    )


def test_what_is_to_do_today_comes_first_in_the_order_of_time(
    english: dict[str, list[tuple[str, ...]]],
) -> None:
    head, first, second = english["Today"]

    assert head == ("Who", "What to do", "How", "When", "Why", "Message about")
    assert first[0].endswith("b2")
    assert first[1:4] == ("Talk to the person", "Call · +37120000002", "2026-03-12 11:00")
    assert second == (
        "Anna Bērziņa · b1",
        "Send a message",
        "Text message · +37120000001",
        "2026-03-12 16:30",
        "Every payment before was on time.; leeway days running",
        "days of leeway",
    )


def test_who_is_left_in_peace_stands_there_with_the_reason(english: dict[str, list[tuple[str, ...]]]) -> None:
    rows = english["Left in peace"][1:]

    assert [(row[0], row[1], row[4]) for row in rows] == [
        ("b3", "Nothing to do", "nothing due"),
        ("مریم · b4", "Wait", "payment near"),
    ]
    assert rows[1][3] == "2026-03-14 08:00", "when it will be looked at again"


def test_no_cell_is_a_formula_or_a_link_whatever_people_are_called(tmp_path: Path) -> None:
    path = write_todays_list(DECISIONS, PEOPLE, tmp_path / "today.xlsx")

    with zipfile.ZipFile(path) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist() if "sheet" in name)
    assert b"<f>" not in everything
    assert b"<hyperlink" not in everything
    assert sheets(path)["Today"][1][0] == '=HYPERLINK("http://x") · b2'


@pytest.mark.parametrize(
    ("language", "sheet", "who"),
    [
        ("bn", "আজ", "কাকে"),
        ("lv", "Šodien", "Kam"),
        ("vi", "Hôm nay", "Ai"),
        ("fa", "امروز", "چه کسی"),
        ("pt-BR", "Today", "Who"),
    ],
)
def test_the_list_is_headed_in_the_language_of_its_readers(
    tmp_path: Path, language: str, sheet: str, who: str
) -> None:
    rows = sheets(write_todays_list(DECISIONS, PEOPLE, tmp_path / "today.xlsx", language=language))

    assert rows[sheet][0][0] == who


def test_a_right_to_left_language_has_right_to_left_sheets(tmp_path: Path) -> None:
    def turned(language: str) -> bool:
        path = write_todays_list(DECISIONS, PEOPLE, tmp_path / f"{language}.xlsx", language=language)
        with zipfile.ZipFile(path) as archive:
            return b'rightToLeft="1"' in archive.read("xl/worksheets/sheet1.xml")

    assert turned("fa")
    assert not turned("lv")


def test_a_day_with_nothing_to_do_is_a_list_too(tmp_path: Path) -> None:
    path = write_todays_list(DECISIONS.clear(), None, tmp_path / "today.xlsx")

    assert [len(rows) for rows in sheets(path).values()] == [1, 1]


def test_moments_may_be_seconds_and_decisions_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "decisions"
    folder.mkdir()
    seconds = DECISIONS.with_columns(pl.col("send_at").dt.epoch("s"), pl.col("next_review_at").dt.epoch("s"))
    seconds.write_parquet(folder / "part.parquet")

    rows = sheets(write_todays_list(folder, None, tmp_path / "today.xlsx"))

    assert rows["Today"][1][0] == "b2"
    assert rows["Today"][1][3] == "2026-03-12 09:00"
