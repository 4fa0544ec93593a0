"""tideover check: whatever is wrong with the content is said with its file, its line and the nearest known word."""

import re

import pytest

from tests.cli.running import replace_in
from tideover.engine.policy.content import SHIPPED

RULE = (SHIPPED / "rules" / "_default" / "default_budget_week.yaml").read_text("utf-8")


def test_the_shipped_content_is_right(tideover):
    said = tideover("check")

    assert said.code == 0
    assert said.out.startswith("Content is right")


@pytest.mark.parametrize("day", ["31.12.2026", "someday", "2026-02-30"])
def test_a_day_that_is_none_is_refused(tideover, day):
    said = tideover("check", "--on", day)

    assert said.code == 2
    assert f"'{day}' is not a day" in said.err


def test_a_content_folder_that_is_not_there_is_not_taken_for_an_empty_one(tideover, tmp_path, monkeypatch):
    named = tideover("check", tmp_path / "nowhere")
    monkeypatch.setenv("TIDEOVER_CONTENT", str(tmp_path / "nowhere"))
    told = tideover("check")

    assert (named.code, told.code) == (2, 2)
    assert "not a folder" in named.err
    assert "TIDEOVER_CONTENT" in told.err


def _rule(content, name, text):
    folder = content / "rules" / "gb"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(text.replace("default_budget_week", name), "utf-8")


WRONG_RULES = {
    "gb_no_day": (RULE.replace("  2000-01-01: {n: 4, days: 7}\n", ""), "Each value stands beside the day"),
    "gb_someday": (RULE.replace("2000-01-01", "someday"), "Each value stands beside the day"),
    "gb_for_ever": (RULE.replace("still_valid_on: 2027-06-30", ""), "still_valid_on is missing"),
    "gb_not_yaml": (": [", "is not YAML that can be read"),
    "gb_nothing": ("", "the file is wrong"),
    "gb_renamed": (RULE.replace("default_budget_week", "gb_other"), "the same name"),
}


def test_every_rule_that_is_wrong_is_said_with_its_line(tideover, content):
    for name, (text, _) in WRONG_RULES.items():
        _rule(content, name, text)

    said = tideover("check")

    assert said.code == 2
    for name, (_, message) in WRONG_RULES.items():
        assert re.search(rf"{name}\.yaml:\d+: .*{message}", said.err), name


def test_nothing_is_decided_under_content_that_is_wrong(tideover, content, made, tmp_path):
    _rule(content, "gb_no_day", WRONG_RULES["gb_no_day"][0])

    said = tideover("decide", "--book", made, "--at", "2026-11-20", "--out", tmp_path / "today")

    assert said.code == 2
    assert not (tmp_path / "today").exists()


def test_a_rule_file_that_is_no_text_is_refused(tideover, content):
    _rule(content, "gb_mine", RULE)
    (content / "rules" / "gb" / "gb_mine.yaml").write_bytes(b"\x81\xff" * 50)

    said = tideover("check")

    assert said.code == 2
    assert re.search(r"gb_mine\.yaml:1: is not UTF-8 text", said.err)


WRONG_POLICIES = {
    "application": ("days_since_step >= 2", "days_since_stap >= 2", "did you mean 'days_since_step'?"),
    "before_due": ("do: due_soon", "do: due_son", "Did you mean 'due_soon'?"),
    "card_late": (
        "because: spotless_history",
        "because: spotles_history",
        "Did you mean 'spotless_history'?",
    ),
    "check_in": ("not in_difficulty", "gender == 'female'", "'gender' is not a known name"),
    "early_help": ("when: often_late", f"when: {'(' * 250}often_late{')' * 250}", "cannot be read"),
    "first_slip": ("when: recently_paid", f"when: {'not ' * 900}recently_paid", "characters"),
    "guarantor": ("when: is_open", "when: __import__('os').getcwd()", "is not a known function"),
    "hardship": ("when: in_difficulty\n", "when: in_difficulty and\n", "cannot be read"),
    "lesson": ("days_since_lesson >= lesson_rest_days", f"days_since_lesson >= {10**30}", "too large"),
    "offer": ("interests_seen >= 2", "interests_seen >= 'two'", "interests_seen"),
}


def test_every_policy_that_is_wrong_is_said_with_its_line(tideover, own_strategy):
    for name, (old, new, _) in WRONG_POLICIES.items():
        replace_in(own_strategy / "policies" / f"{name}.yaml", old, new)

    said = tideover("check")

    assert said.code == 2
    for name, (_, _, message) in WRONG_POLICIES.items():
        assert re.search(rf"{name}\.yaml:\d+: .*{re.escape(message)}", said.err), name


@pytest.fixture
def with_own_strategy(tideover, own_strategy, made):
    """What is said to whoever uses the lender's own strategy."""
    words = ("--book", made, "--borrower", "nobody", "--at", "2026-11-20", "--strategy", "mine")
    return lambda: tideover("explain", *words)


def test_a_policy_outside_the_order_and_an_order_beyond_the_policies_are_refused(
    own_strategy, with_own_strategy
):
    replace_in(own_strategy / "order.yaml", "  - early_help\n", "  - nosuch\n")

    said = with_own_strategy()

    assert said.code == 2
    assert "order.yaml:" in said.err


def test_a_strategy_without_its_order_is_refused(own_strategy, with_own_strategy):
    (own_strategy / "order.yaml").unlink()

    said = with_own_strategy()

    assert said.code == 2
    assert "order.yaml" in said.err


def test_a_policy_stands_in_the_order_once(own_strategy, with_own_strategy):
    with (own_strategy / "order.yaml").open("a") as order:
        order.write("  - early_help\n")

    said = with_own_strategy()

    assert said.code == 2
    assert re.search(r"order\.yaml:\d+: 'early_help' stands in the order twice", said.err)


def test_a_value_may_not_hold_itself(own_strategy, with_own_strategy):
    with (own_strategy / "strategy.yaml").open("a") as strategy:
        strategy.write("again: &again [*again]\n")

    said = with_own_strategy()

    assert said.code == 2
    assert re.search(r"strategy\.yaml:\d+: holds itself", said.err)


def test_what_is_kept_after_an_erasure_is_to_be_looked_at_again(tideover):
    said = tideover("check", "--on", "2028-01-01")

    assert said.code == 2
    assert "retention.yaml" in said.err
