"""What must hold for every decision, on a book full of what goes wrong. Checked from the rows, not from the engine."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.reference.known import known_at
from tideover.engine.policy.lists import read_lists

DAY = 86_400
LISTS = read_lists()
COUNTED = ("queued", "accepted", "unknown")


@pytest.fixture(scope="module")
def decisions(sample):
    return sample.answer["decisions"]


@pytest.fixture(scope="module")
def spoken(decisions):
    """Decisions that end in a contact, with a moment."""
    return [row for row in decisions if row["treatment"] != "none" and row["send_at"] is not None]


@pytest.fixture(scope="module")
def known(sample):
    return known_at(sample.case.book, sample.case.at)


def class_of(row):
    return LISTS.purposes[row["purpose"]].purpose_class


def test_everybody_gets_one_row(sample, decisions):
    assert sorted(row["borrower_id"] for row in decisions) == sorted(sample.nasty.named)


def test_every_row_has_a_reason_that_somebody_can_read(sample, decisions):
    rules = {
        cell[by]
        for cell in sample.case.rule_tables.cells
        for by in ("banned_by", "consent_by", "contract_by")
    }
    rules |= {it["cap_id"] for it in sample.case.rule_tables.caps} | {
        it["rule_id"] for it in sample.case.rule_tables.cooldowns
    }
    rules |= {ban.id for ban in sample.case.rule_tables.bans_when}

    codes = {code for row in decisions for code in row["reasons"].split(",")}
    blocks = {code.split("@")[0] for row in decisions for code in row["blocked_by"].split(",") if code}

    assert codes - set(LISTS.reasons) == set()
    assert blocks - set(LISTS.reasons) - rules == set()


def test_silence_is_silent(decisions):
    silent = [row for row in decisions if row["treatment"] == "none"]

    assert len(silent) > 50
    for row in silent:
        assert {
            row[name] for name in ("channel", "send_at", "use_by", "tone", "message", "lesson", "propensity")
        } == {None}
        assert row["cost"] == 0


def test_a_contact_leaves_now_or_later_and_before_its_use_by(spoken):
    assert len(spoken) > 50
    assert all(row["at"] <= row["send_at"] < row["use_by"] for row in spoken)


def test_a_contact_leaves_in_the_hours_of_the_law_in_every_zone_she_may_be_in(sample, spoken, known):
    home = {row["borrower_id"]: row for row in known["borrowers"]}
    at = sample.case.at

    for row in spoken:
        places = [it for it in known["locations"] if it["borrower_id"] == row["borrower_id"]]
        present = [it for it in places if it["since"] <= at and (it["until"] is None or it["until"] > at)]
        zones = {home[row["borrower_id"]]["timezone"], *(it["timezone"] for it in present if it["timezone"])}
        windows = {
            cell["window_id"]
            for cell in sample.case.rule_tables.cells
            if (cell["purpose"], cell["channel"]) == (row["purpose"], row["channel"])
        }
        assert any(
            all(_is_open(sample, window, zone, row["send_at"]) for zone in zones) for window in windows
        )


def _is_open(sample, window, zone, at):
    local = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    hours = sample.case.rule_tables.windows[window].window.weekdays[local.weekday()]
    return any(opens <= minute < closes for opens, closes in hours)


def test_no_budget_is_ever_exceeded(sample, spoken, known):
    rules = sample.case.rule_tables
    counting = {
        (row["purpose"], row["channel"])
        for row in rules.caps_by_cell
        if row["cap_id"] == "default_budget_day"
    }
    budget = next(cap for cap in rules.caps if cap["cap_id"] == "default_budget_day")
    said = [
        row
        for row in known["contacts"]
        if row["state"] in COUNTED and (row["purpose"], row["channel"]) in counting
    ]

    for row in spoken:
        if (row["purpose"], row["channel"]) not in counting:
            continue
        since = row["send_at"] - budget["period_seconds"]
        near = [it for it in said if it["person_id"] == row["borrower_id"] and it["send_at"] > since]
        assert len(near) < budget["n"]


def test_duties_and_people_in_need_are_never_left_to_chance(decisions, known):
    needy = {
        row["person_id"]
        for row in known["preferences"]
        if row["name"] == "large_print" and row["value"] == "yes"
    }
    chosen = [
        row
        for row in decisions
        if row["purpose"] and (class_of(row) == "duty" or row["borrower_id"] in needy)
    ]

    assert len(chosen) >= 3
    assert {row["arm"] for row in chosen} == {None}
    assert {row["propensity"] for row in chosen if row["propensity"] is not None} == {10_000}


def test_nothing_goes_to_whoever_is_bereaved(sample, decisions, known):
    at = sample.case.at
    bereaved = {
        row["person_id"]
        for row in known["holds"]
        if row["kind"] == "bereavement"
        and (row["from_at"] is None or row["from_at"] <= at)
        and (row["until_at"] is None or row["until_at"] > at)
    }

    rested = [row for row in decisions if row["borrower_id"] in bereaved]

    assert rested
    assert {row["treatment"] for row in rested} == {"none"}


def test_a_contact_has_one_main_topic_and_all_its_topics_are_of_its_class(sample, decisions):
    by_id = {row["decision_id"]: row for row in decisions}
    topics = sample.answer["topics"]

    mains = [it for it in topics if it["is_main"]]

    assert {it["decision_id"] for it in topics} <= {
        key for key, row in by_id.items() if row["treatment"] != "none"
    }
    assert sorted(it["decision_id"] for it in mains) == sorted({it["decision_id"] for it in topics})
    for it in topics:
        assert LISTS.purposes[it["occasion"]].purpose_class == class_of(by_id[it["decision_id"]])


def test_offers_come_in_their_order(sample):
    places = {}
    for it in sample.answer["offers"]:
        places.setdefault(it["decision_id"], []).append(it["place"])

    assert places
    assert all(found == list(range(1, len(found) + 1)) for found in places.values())
