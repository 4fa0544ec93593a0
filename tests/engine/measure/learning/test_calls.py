"""The call cut-off is the effect of the last person who still gets a call."""

import polars as pl

from tideover.engine.measure.learning.calls import NOBODY, cutoffs


def line(*people: tuple[str | None, int]) -> pl.DataFrame:
    return pl.DataFrame(people, schema={"team": pl.String, "effect": pl.Int64}, orient="row")


LINE = line(
    ("early", 300),
    ("early", 2_400),
    ("early", 900),
    ("early", 1_600),
    ("late", 2_400),
    (None, 900),
    (None, 300),
)


def test_the_last_call_of_the_day_sets_the_cut_off():
    found = cutoffs(LINE, {"early": 3, "late": 1}, otherwise=1_500)

    assert found.by_team == {"early": 900, "late": 2_400}
    assert found.otherwise == 1_500


def test_where_nobody_has_to_wait_everybody_passes():
    assert cutoffs(LINE, {"early": 5}, otherwise=1_500).by_team == {"early": 0}


def test_a_team_without_calls_calls_nobody():
    assert cutoffs(LINE, {"early": 0}, otherwise=1_500).by_team == {"early": NOBODY}


def test_whoever_has_no_team_is_served_by_the_calls_of_no_team():
    found = cutoffs(LINE, {"": 1}, otherwise=1_500)

    assert (found.by_team, found.otherwise) == ({}, 900)
    assert found.says == "no team: 1 call a day, 2 in line, least effect 900"


def test_the_order_of_the_line_does_not_matter():
    assert cutoffs(LINE.reverse(), {"early": 2}, otherwise=0) == cutoffs(LINE, {"early": 2}, otherwise=0)
