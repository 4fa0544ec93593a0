"""The verbs of a mapping, each in a small story."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.facts.mapping_given import HEAD, day, import_small, moment, refusal, table

BASE = (
    HEAD
    + """
files:
  cards:
    names: [cards.csv]
    parse: {id: text, jan: money, feb: money, opened: {as: day, needed: true}}
frames:
FRAMES
tables:
  borrowers:
    from: cards
    columns: {borrower_id: id}
    versions: [{recorded_at: start_of(opened), because: opened then}]
  loans:
    from: cards
    columns: {loan_id: id, borrower_id: id, kind: {value: revolving}}
    versions: [{recorded_at: start_of(opened), because: opened then}]
  standings:
    from: months
    columns: {loan_id: id, "on": month, balance: bill}
    versions: [{recorded_at: end_of(month), because: the end of the month}]
"""
)
UNPIVOT = """
  months:
    from: cards
    steps:
      - unpivot:
          rows:
            - {month: day('2026-01-31'), bill: jan}
            - {month: day('2026-02-28'), bill: feb}
"""
CARDS = {"cards.csv": "id,jan,feb,opened\na,1.00,2.00,2025-01-01\nb,3.00,,2025-01-01\n"}


def balances(folder: Path, frames: str) -> list[tuple[str, int, int | None]]:
    import_small(folder, BASE.replace("FRAMES", frames), CARDS)
    rows = table(folder, "standings")
    return list(zip(rows["loan_id"], rows["on"], rows["balance"], strict=True))


JAN, FEB = day("2026-01-31"), day("2026-02-28")


def test_columns_of_months_become_rows(tmp_path: Path) -> None:
    assert balances(tmp_path, UNPIVOT) == [
        ("a", JAN, 100),
        ("a", FEB, 200),
        ("b", JAN, 300),
        ("b", FEB, None),
    ]


def test_rows_left_out_are_counted_with_their_reason(tmp_path: Path) -> None:
    frames = UNPIVOT + "      - leave_out: [{when: bill is None, because: no bill in that month}]\n"

    summary = import_small(tmp_path, BASE.replace("FRAMES", frames), CARDS)

    assert [(one.frame, one.because, one.rows) for one in summary.left_out] == [
        ("months", "no bill in that month", 1)
    ]
    assert summary.tables["standings"].rows == 3


def test_rows_set_aside_by_a_rule_are_kept_with_it(tmp_path: Path) -> None:
    frames = UNPIVOT + "      - set_aside: [{when: bill > 2 * 100, because: a bill that cannot be}]\n"

    # An amount and a whole number are not the same thing, even in a rule.
    told = refusal(tmp_path, BASE.replace("FRAMES", frames), CARDS)
    assert "bill and 2 * 100 cannot be compared: an amount of money and a whole number" in told[0]

    frames = UNPIVOT + "      - set_aside: [{when: bill > jan, because: grew}]\n"
    summary = import_small(tmp_path, BASE.replace("FRAMES", frames), CARDS)
    assert [(one.frame, one.because, one.rows) for one in summary.set_aside] == [("months", "grew", 1)]


def test_a_text_can_be_read_after_the_rows_were_turned(tmp_path: Path) -> None:
    frames = (
        UNPIVOT.replace("bill: jan", "text: {value: '7,50'}").replace("bill: feb", "text: {value: '?'}")
        + "      - parse: {bill: {from: text, as: money, decimal: ','}}\n"
    )

    assert balances(tmp_path, frames) == [("a", JAN, 750), ("b", JAN, 750)]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (
            "totals: {by: [id], take: {bill: {sum: bill}, month: {max: month}}}",
            [("a", FEB, 300), ("b", FEB, 300)],
        ),
        (
            "totals: {by: [id], take: {bill: {min: bill}, month: {min: month}}}",
            [("a", JAN, 100), ("b", JAN, 300)],
        ),
        ("distinct: {by: [id], last_by: [month], because: older}", [("a", FEB, 200), ("b", FEB, None)]),
        ("where: bill is not None and month == day('2026-01-31')", [("a", JAN, 100), ("b", JAN, 300)]),
        (
            "set: {bill: 'coalesce(bill, 0) - jan'}",
            [("a", JAN, 0), ("a", FEB, 100), ("b", JAN, 0), ("b", FEB, -300)],
        ),
        (
            "set: {bill: '0 if bill is None else bill if month_of(month) == 1 else None'}",
            [("a", JAN, 100), ("a", FEB, None), ("b", JAN, 300), ("b", FEB, 0)],
        ),
        ("where: id not in ['b', 'c'] and bill in [jan, feb]", [("a", JAN, 100), ("a", FEB, 200)]),
        ("where: not (id == 'a' or bill is None)", [("b", JAN, 300)]),
        ("set: {month: 'add_months(month, -1) + 1'}", None),
        (
            "join: {with: cards, on: [id], take: {bill: feb}}",
            [("a", JAN, 200), ("a", FEB, 200), ("b", JAN, None), ("b", FEB, None)],
        ),
        ("join: {with: few, on: [id], how: only}", [("a", JAN, 100), ("a", FEB, 200)]),
        ("join: {with: few, on: {id: id}, how: without}", [("b", JAN, 300), ("b", FEB, None)]),
        ("join: {with: few, on: [id], how: inner, take: [jan]}", [("a", JAN, 100), ("a", FEB, 200)]),
    ],
)
def test_each_verb_does_one_thing(
    tmp_path: Path, step: str, expected: list[tuple[str, int, int | None]] | None
) -> None:
    few = "  few: {from: cards, steps: [{where: \"id == 'a'\"}]}\n"

    found = balances(tmp_path, few + UNPIVOT + f"      - {step}\n")

    moved = [("a", day("2026-01-01"), 100), ("a", day("2026-01-29"), 200)]
    assert found == (expected or [*moved, ("b", moved[0][1], 300), ("b", moved[1][1], None)])


def test_a_row_can_become_known_in_several_versions(tmp_path: Path) -> None:
    mapping = BASE.replace("FRAMES", UNPIVOT).replace(
        "    versions: [{recorded_at: start_of(opened), because: opened then}]\n  standings",
        "    versions:\n"
        "      - {recorded_at: start_of(opened), because: opened then}\n"
        "      - {recorded_at: end_of(day('2026-03-01')), when: feb is None, because: closed then,\n"
        "         columns: {closed_on: day('2026-03-01')}}\n  standings",
    )

    import_small(tmp_path, mapping, CARDS)

    assert table(tmp_path, "loans", at="2026-02-01")["closed_on"].to_list() == [None, None]
    assert table(tmp_path, "loans")["closed_on"].to_list() == [None, day("2026-03-01")]


def test_files_and_frames_below_each_other_keep_all_columns(tmp_path: Path) -> None:
    both = UNPIVOT.replace("  months:\n    from: cards", "  more:\n    from: cards")
    frames = both + "  months: {from: [more, extra]}\n"
    extra = "frames:\n" + "  extra: {from: more, steps: [{set: {month: month + 1}}]}\n"
    mapping = BASE.replace("FRAMES", frames).replace(
        "  months: {from", extra.removeprefix("frames:\n") + "  months: {from"
    )

    import_small(tmp_path, mapping, CARDS)

    assert table(tmp_path, "standings").height == 8


def test_assumptions_are_rows_for_every_person_and_named_in_the_book(tmp_path: Path) -> None:
    assume = """
assume:
  channel:
    sms: {address: phone, because: everyone has one}
    call: {address: phone, because: everyone has one}
  consent: {channels: [sms], classes: [help, reminder], because: not in the file}
  country: {value: LV, because: the lender is there}
  fresh_feed: {feeds: [payments], because: complete}
"""
    import_small(tmp_path, BASE.replace("FRAMES", UNPIVOT) + assume, CARDS)

    points = table(tmp_path, "contact_points")
    assert points.height == 4
    assert points["address_id"].n_unique() == 2, "a phone is one address for sms and call"
    assert points["recorded_at"].unique().to_list() == [moment("2024-12-31T22:00")]
    assert table(tmp_path, "consents").height == 4
    assert table(tmp_path, "borrowers")["country"].to_list() == ["LV", "LV"]
    assert table(tmp_path, "feeds", at="2000-01-01")["name"].to_list() == ["payments"]
    from tideover.engine.facts import open_book

    assert set(open_book(tmp_path / "book").assumes) == {"channel", "consent", "country", "fresh_feed"}


def test_what_the_source_says_is_not_overruled_by_an_assumption(tmp_path: Path) -> None:
    mapping = BASE.replace("FRAMES", UNPIVOT).replace(
        "columns: {borrower_id: id}", "columns: {borrower_id: id, country: \"'EE' if id == 'a' else None\"}"
    )

    import_small(tmp_path, mapping + "assume: {country: {value: LV, because: most}}\n", CARDS)

    assert table(tmp_path, "borrowers")["country"].to_list() == ["EE", "LV"]


@given(st.integers(1, 10**12), st.integers(1, 60))
def test_shares_add_up_and_differ_by_one_unit_at_most(amount: int, parts: int) -> None:
    from tideover.engine.facts.mapping._functions import even_part

    rows = pl.DataFrame({"n": range(1, parts + 1)})
    shares = rows.select(even_part(pl.lit(amount), pl.col("n"), pl.lit(parts)).alias("s"))["s"].to_list()

    assert sum(shares) == amount
    assert max(shares) - min(shares) <= 1
