"""The rules we ship: whole, true to their stories, free of contradictions, honest about what they rest on."""

import re
from collections import Counter
from datetime import date
from itertools import product

import pytest

from tideover.engine.policy.rules import Rules, check_freshness, check_rules, run_cases
from tideover.kit.days import day_of

TODAY = day_of(date(2026, 11, 22))
LIMITS_FROM_MEMORY = re.compile(r"confirm|choice|your languages", re.IGNORECASE)


def test_every_story_beside_a_rule_comes_true(shipped: Rules) -> None:
    assert [str(failure) for failure in run_cases(shipped)] == []


def test_no_rule_contradicts_another_now_or_later(shipped: Rules) -> None:
    assert [str(problem) for problem in check_rules(shipped, TODAY)] == []


def test_a_rule_past_its_review_is_reported_and_still_applies(shipped: Rules) -> None:
    late = day_of(date(2027, 2, 1))

    overdue = " ".join(problem.says for problem in check_freshness(shipped, late))

    assert check_freshness(shipped, TODAY) == []
    assert "us_opt_out was to be looked at again by 2027-01-31" in overdue
    assert "us_opt_out" in {one.id for one in shipped.on(late, "creditor").statements}


@pytest.mark.parametrize("acts_as", ["creditor", "agent"])
def test_there_is_exactly_one_cell_for_every_place_kind_purpose_and_channel(
    shipped: Rules, acts_as: str
) -> None:
    kinds = ("instalment", "revolving", "microfinance", "once", "none")
    expected = Counter(product(shipped.countries, kinds, shipped.lists.purposes, shipped.lists.channels))

    rows = shipped.on(TODAY, acts_as).cells

    assert (
        Counter((row["jurisdiction"], row["kind"], row["purpose"], row["channel"]) for row in rows)
        == expected
    )


@pytest.mark.parametrize("acts_as", ["creditor", "agent"])
def test_whatever_stands_in_the_way_names_a_rule_that_can_be_looked_up(shipped: Rules, acts_as: str) -> None:
    tables = shipped.on(TODAY, acts_as)
    blocks = ("banned_by", "consent_by", "contract_by", "request_by", "template_by")

    named = {row[block] for row in tables.cells for block in blocks} - {None}  # type: ignore[literal-required]
    named |= {rule_id for window in tables.windows.values() for rule_id in window.rule_ids}
    named |= {cap["cap_id"] for cap in tables.caps} | {rest["rule_id"] for rest in tables.cooldowns}
    named |= {ban.reason for ban in tables.bans_when} | {duty.id for duty in tables.duties}
    named |= {name for row in tables.cells for name in row["words_by"].split(",") if name}

    assert named <= set(shipped.by_id)
    assert {row["window_id"] for row in tables.cells} <= set(tables.windows)
    assert {row["cap_id"] for row in tables.caps_by_cell} == {cap["cap_id"] for cap in tables.caps}


def test_a_rule_that_is_not_law_says_what_to_confirm(shipped: Rules) -> None:
    silent = [
        rule.id
        for rule in shipped.by_id.values()
        if rule.status != "law" and not LIMITS_FROM_MEMORY.search(rule.written.says)
    ]

    assert silent == []


def test_what_is_known_only_from_memory_or_the_press_is_never_law(shipped: Rules) -> None:
    unverified = (
        "us_claim_letter us_sms_recheck us_records us_bank_alerts us_offer_hours us_opt_out_all gb_plan_hold "
        "eu_cost_warning eu_profiling de_acceleration in_microfinance_hours br_sp_hours ir_late_penalty bd_microcredit"
    )

    assert {shipped.by_id[name].status for name in unverified.split()} == {"lender_default"}


def test_a_draft_binds_nobody_until_it_is_turned_on(shipped: Rules) -> None:
    before = shipped.on(TODAY, "creditor").cell("in", "instalment", "help_visit", "visit")
    after = (
        shipped.with_drafts("in_draft_hours")
        .on(TODAY, "creditor")
        .cell("in", "instalment", "help_visit", "visit")
    )

    assert "in_draft_hours" not in before["window_id"]
    assert "in_draft_hours" in after["window_id"]


@pytest.mark.parametrize(
    ("place", "jurisdiction"),
    [
        ("LV", "lv"),
        ("BR-SP", "br-sp"),
        ("BR-RJ", "br"),
        ("FR", "eu"),
        ("UK", "gb"),
        ("ZZ", "_default"),
        (None, "_default"),
        ("", "_default"),
    ],
)
def test_a_place_without_rules_of_its_own_has_its_countrys_or_the_default(
    shipped: Rules, place: str, jurisdiction: str
) -> None:
    assert shipped.on(TODAY, "creditor").jurisdiction_of(place) == jurisdiction


def test_every_contact_that_counts_meets_the_budget_of_attention_everywhere(shipped: Rules) -> None:
    tables = shipped.on(TODAY, "creditor")
    budgets = {"default_budget_day", "default_budget_week", "default_budget_month"}
    counted = [row for row in tables.cells if shipped.lists.purposes[row["purpose"]].counts]

    assert all(budgets <= {cap["cap_id"] for cap in tables.caps_of(row)} for row in counted)


def test_no_cap_and_no_rest_ever_touches_a_duty_a_reply_or_a_receipt(shipped: Rules) -> None:
    spared = {
        name for name, one in shipped.lists.purposes.items() if one.of_class in ("duty", "answer", "receipt")
    }

    for acts_as in ("creditor", "agent"):
        tables = shipped.on(TODAY, acts_as)
        assert not spared & {row["purpose"] for row in tables.caps_by_cell}
        assert not spared & {row["purpose"] for row in tables.cooldowns}
        assert not spared & {row["purpose"] for row in tables.cells if row["banned_by"] or row["consent_by"]}
        assert not spared & {purpose for ban in tables.bans_when for purpose in ban.purposes}


def test_offers_and_surveys_need_a_yes_on_every_channel_of_every_country(shipped: Rules) -> None:
    asked = [row for row in shipped.on(TODAY, "creditor").cells if row["purpose"] in ("offer", "survey")]

    assert asked
    assert all(row["consent_by"] for row in asked)


def test_a_law_is_named_before_a_choice_of_the_lender(shipped: Rules) -> None:
    tables = shipped.on(TODAY, "creditor")

    assert tables.cell("de", "none", "survey", "email")["consent_by"] == "de_survey_consent"
    assert tables.cell("de", "none", "survey", "app")["consent_by"] == "default_survey_consent"
    assert tables.cell("lv", "instalment", "gentle_reminder", "sms")["contract_by"] == "lv_contract_address"


def test_acting_as_creditor_or_agent_makes_the_difference_the_law_makes(shipped: Rules) -> None:
    own = shipped.on(TODAY, "creditor")
    agency = shipped.on(TODAY, "agent")

    assert own.cell("us", "instalment", "help_call", "call")["window_id"] == "us_creditor_hours"
    assert agency.cell("us", "instalment", "help_call", "call")["window_id"] == "us_agent_hours"
    assert own.cell("vn", "instalment", "gentle_reminder", "sms")["banned_by"] is None
    assert agency.cell("vn", "instalment", "gentle_reminder", "sms")["banned_by"] == "vn_no_agents"


@pytest.mark.parametrize(
    "duty", ["gb_arrears_notice", "us_adverse_action", "in_debit_notice", "lv_first_notice"]
)
def test_duties_come_with_their_condition_purpose_and_days(shipped: Rules, duty: str) -> None:
    found = {one.id: one for one in shipped.on(TODAY, "creditor").duties}[duty]

    assert found.when
    assert "{" not in found.when
    assert found.within_days > 0
    assert shipped.lists.purposes[found.purpose].of_class == "duty"
    assert found.channels
    assert found.roles
    assert found.reference[0].href.startswith("https://")
