"""The same book under other rules and other published tables, so that every limit is felt."""

from dataclasses import replace

from tests.generative.deciding import Case, rules_at

DAY = 86_400


def as_agent(case: Case) -> Case:
    """The lender collects for somebody else."""
    return replace(case, rules=rules_at(case.at, "agent"))


def strained(case: Case) -> Case:
    """Caps by loan, of two contacts and of many weeks; longer rests after a talk; a ban about the person alone."""
    rules = rules_at(case.at)
    caps = [
        {**cap, "scope": "loan"} if cap["cap_id"] == "default_budget_month" else {**cap, "n": cap["n"] + 1}
        for cap in rules.caps
    ]
    caps = [
        {**cap, "period_seconds": 90 * DAY} if cap["cap_id"] == "default_budget_week" else cap for cap in caps
    ]
    rests = [
        {**rest, "scope": "person", "seconds": 3 * DAY, "rule_id": "longer_rest"}
        for rest in rules.cooldowns
        if rest["channel"] in ("call", "sms")
    ]
    bans = tuple(
        replace(ban, when=f"({ban.when}) or contacts_in_7_days >= 4")
        if ban.id == "default_no_offer_in_difficulty"
        else ban
        for ban in rules.bans_when
    )
    bans = tuple(replace(ban, purposes=(*ban.purposes, "lesson", "survey")) for ban in bans)
    return replace(
        case, rules=replace(rules, caps=caps, cooldowns=[*rules.cooldowns, *rests], bans_when=bans)
    )


def learned(case: Case) -> Case:
    """Tables from a book: shares of every size, a leaf that is missing, cut-offs by team."""
    leaves = {}
    for number, (leaf, row) in enumerate(sorted(case.tables.leaves.items())):
        leaves[leaf] = {
            name: (value * (7 + number) + 131 * len(name)) % 10_001 for name, value in row.items()
        }
    leaves.pop("sometimes/1-29")
    return replace(
        case,
        tables=replace(case.tables, leaves=leaves, cutoffs={"red": 0, "blue": 2_000}, made_from="a test"),
    )


VARIANTS = {"as shipped": lambda case: case, "agent": as_agent, "strained": strained, "learned": learned}
