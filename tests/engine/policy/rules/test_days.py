"""Dated values: the law of the day decides, a past day is replayed with the law of that day."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.policy.rules.conftest import CONTENT
from tests.engine.policy.rules.content_folder import Folder
from tideover.engine.policy.rules import CellRow, Rules, RuleTables, read_rules
from tideover.kit.days import day_of

TODAY = day_of(date(2026, 11, 22))


def test_a_value_is_in_force_from_its_day_until_the_next_or_its_end(folder: Folder) -> None:
    folder.rule(
        "xx/calls",
        "cap",
        values={
            date(2020, 1, 1): {"n": 7, "days": 7},
            date(2024, 3, 1): {"n": 3, "days": 7},
            date(2026, 1, 1): None,
        },
    )
    rules = folder.read()

    def calls_on(day: date) -> list[int]:
        return [cap["n"] for cap in rules.on(day_of(day), "creditor").caps]

    assert calls_on(date(2019, 12, 31)) == []
    assert calls_on(date(2020, 1, 1)) == [7]
    assert calls_on(date(2024, 2, 29)) == [7]
    assert calls_on(date(2024, 3, 1)) == [3]
    assert calls_on(date(2026, 1, 1)) == []


def test_the_order_in_which_dates_are_written_does_not_matter(folder: Folder) -> None:
    folder.rule(
        "xx/calls",
        "cap",
        values={date(2024, 3, 1): {"n": 3, "days": 7}, date(2020, 1, 1): {"n": 7, "days": 7}},
    )

    assert folder.read().on(TODAY, "creditor").caps[0]["n"] == 3


def test_numbers_of_the_day_fill_the_condition(folder: Folder) -> None:
    values = {date(2020, 1, 1): {"days": 10}, date(2025, 1, 1): {"days": 14}}
    folder.rule("xx/rest", "ban", when="days_since_told('notice') <= {days}", values=values)
    rules = folder.read()

    assert (
        rules.on(day_of(date(2024, 12, 31)), "creditor").bans_when[0].when
        == "days_since_told('notice') <= 10"
    )
    assert rules.on(TODAY, "creditor").bans_when[0].when == "days_since_told('notice') <= 14"


def test_days_between_two_changes_share_one_set_of_tables_that_says_its_span(shipped: Rules) -> None:
    before, after = day_of(date(2024, 12, 31)), day_of(date(2025, 1, 1))

    tables = shipped.on(before, "creditor")

    assert shipped.on(before - 30, "creditor") is tables
    assert shipped.on(after, "creditor") is not tables
    assert (tables.until_day, shipped.on(after, "creditor").from_day) == (after, after)


def test_the_hash_tells_one_law_from_another_and_is_the_same_in_every_process(shipped: Rules) -> None:
    code = (
        "from pathlib import Path; from tideover.engine.policy.rules import read_rules; "
        f"print(read_rules(Path({str(CONTENT)!r})).on({TODAY}, 'creditor').hash)"
    )
    env = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(CONTENT.parents[1])}

    elsewhere = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    ).stdout.strip()

    assert elsewhere == shipped.on(TODAY, "creditor").hash
    assert shipped.on(TODAY, "agent").hash != elsewhere
    assert shipped.on(day_of(date(2019, 1, 1)), "creditor").hash != elsewhere


def test_the_hash_changes_when_only_a_value_does(folder: Folder) -> None:
    folder.rule(
        "xx/calls",
        "cap",
        values={date(2020, 1, 1): {"n": 7, "days": 7}, date(2024, 3, 1): {"n": 3, "days": 7}},
    )
    rules = folder.read()

    assert rules.on(day_of(date(2024, 2, 29)), "creditor").hash != rules.on(TODAY, "creditor").hash


OTHER_VALUE = {
    "window": "{every_day: '10:00-11:00'}",
    "cap": "{n: 1, days: 29}",
    "cool_down": "{days: 29}",
    "mandatory_words": "[claim_vat, claim_costs]",
    "ban": "null",
    "consent": "null",
    "contract_address": "null",
    "template": "null",
    "links_on_request": "null",
}


def meaning(tables: RuleTables) -> dict[tuple[str, str, str, str], object]:
    """What each cell comes to, hours and counts included."""
    caps = {cap["cap_id"]: (cap["n"], cap["period_seconds"], cap["scope"]) for cap in tables.caps}
    found: dict[tuple[str, str, str, str], list[object]] = {}
    for row in tables.cells:
        found[_cell(row)] = [
            tables.windows[row["window_id"]].window,
            *(value for name, value in row.items() if name != "window_id"),
        ]
    for use in tables.caps_by_cell:
        found[_cell(use)].append((use["cap_id"], caps[use["cap_id"]]))
    for rest in tables.cooldowns:
        found[_cell(rest)].append((rest["rule_id"], rest["seconds"]))
    return {cell: tuple(parts) for cell, parts in found.items()}


def _cell(row: CellRow) -> tuple[str, str, str, str]:
    return row["jurisdiction"], row["kind"], row["purpose"], row["channel"]


SHIPPED = read_rules(CONTENT)
ON_CELLS = sorted(
    rule.id
    for rule in SHIPPED.by_id.values()
    if rule.kind in OTHER_VALUE and rule.status != "draft" and not rule.written.when
)


@settings(max_examples=12)
@given(rule_id=st.sampled_from(ON_CELLS))
def test_changing_one_value_in_one_file_changes_only_cells_that_rule_covers(
    tmp_path_factory: object, rule_id: str
) -> None:
    rule = SHIPPED.by_id[rule_id]
    acts_as = rule.written.applies_to[0]
    head, _, tail = Path(rule.file).read_text().partition("\nvalues:\n")
    rest = tail[tail.index("\nmerge:") :]
    lender = Folder(tmp_path_factory.mktemp("lender"), lists=False)  # type: ignore[attr-defined]
    lender.write(
        f"rules/{rule.place}/{rule_id}.yaml", f"{head}\nvalues:\n  2000-01-01: {OTHER_VALUE[rule.kind]}{rest}"
    )

    before = meaning(SHIPPED.on(TODAY, acts_as))
    after = meaning(read_rules(CONTENT, lender.root).on(TODAY, acts_as))

    changed = {cell for cell in before if before[cell] != after[cell]}
    below = {name for name, country in SHIPPED.countries.items() if rule.place in country.chain}
    assert changed
    assert all(
        place in below and rule.covers(kind, purpose, channel) for place, kind, purpose, channel in changed
    )
