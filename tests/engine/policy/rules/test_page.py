"""The reference page says everything a compliance officer would ask."""

from tideover.engine.policy.rules import Rules, rules_page


def test_every_rule_stands_on_the_page_with_its_words_source_and_review_day(shipped: Rules) -> None:
    rows = {row.split("`")[1]: row for row in rules_page(shipped).splitlines() if row.startswith("| `")}

    for rule in shipped.by_id.values():
        row = rows[rule.id]
        assert rule.written.says in row
        assert str(rule.written.still_valid_on) in row
        assert all(f"]({one.href})" in row for one in rule.written.reference)


def test_law_choice_and_draft_can_be_told_apart(shipped: Rules) -> None:
    page = rules_page(shipped)
    status = {
        row.split("`")[1]: row.split(" | ")[4]
        for row in page.splitlines()
        if row.startswith("| `") and row.count(" | ") > 3
    }

    assert status["lv_hours"] == "law"
    assert status["br_sp_hours"] == "choice"
    assert status["default_hours"] == "choice; gives way"
    assert status["in_draft_hours"] == "draft"


def test_values_are_shown_with_the_day_they_began(shipped: Rules) -> None:
    page = rules_page(shipped)

    assert "since 2020-01-01: every day 07:00-21:00" in page
    assert "assumed to stand since 2012-01-01: mon-sat 08:00-21:00; sun closed; holidays closed" in page
    assert "2024-01-01: notice cents: 1500, other acts cents: 1500" in page


def test_every_line_of_a_table_has_the_same_number_of_cells(shipped: Rules) -> None:
    rows = [row for row in rules_page(shipped).splitlines() if row.startswith("|")]

    assert {row.replace("\\|", "").count("|") for row in rows} == {8, 3}
