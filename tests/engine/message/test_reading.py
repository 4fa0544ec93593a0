"""facts_of reads one person's decision, with what was known, out of a whole book."""

import pytest

from tests.engine.message.situations import day, moment
from tests.engine.message.small_book import facts_of_tables, loan, monthly, person
from tideover.engine.decision.decide import decide
from tideover.engine.decision.plan import Plan
from tideover.engine.decision.published import shipped
from tideover.engine.message import UnknownPerson, explain, facts_of
from tideover.engine.message.reading import KNOWN
from tideover.engine.policy.content import SHIPPED
from tideover.engine.policy.lists import read_lists
from tideover.engine.policy.rules import read_rules
from tideover.engine.policy.strategy import find_strategy, read_strategy

AT = moment("2026-03-06 10:00")
TODAY = day("2026-03-06")
DUE = [TODAY - 1 - 30 * back for back in range(5, -1, -1)] + [TODAY + 29]


@pytest.fixture(scope="module")
def plan():
    strategy = read_strategy(find_strategy("everyday"), read_lists())
    return Plan(strategy, read_rules(SHIPPED).on(TODAY, "creditor"), shipped(), "tideover")


@pytest.fixture(scope="module")
def book():
    """A first slip with a guarantor, a long late loan with another, a person in danger, and a stranger."""
    people = ["slip", "guarantor", "endangered", "stranger", "long_late", "must_hear"]
    channels = ("app", "email", "sms")
    return facts_of_tables(
        AT,
        borrowers=[
            person(name, country="XX" if name in ("long_late", "must_hear") else "LV") for name in people
        ],
        loans=[loan("L1", "slip"), loan("L2", "endangered"), loan("L3", "stranger"), loan("L4", "long_late")],
        instalments=[
            *monthly("L1", DUE, 5),
            *monthly("L2", DUE, 3),
            *monthly("L3", DUE, 6),
            *monthly("L4", DUE, 3),
        ],
        parties=[
            {"loan_id": "L1", "person_id": "guarantor", "role": "guarantor", "may_be_told": "own_part"},
            {"loan_id": "L4", "person_id": "must_hear", "role": "guarantor", "may_be_told": "own_part"},
        ],
        holds=[{"hold_id": "H1", "person_id": "endangered", "kind": "abuse", "from_at": AT - 86_400}],
        contact_points=[
            {
                "contact_point_id": f"{name}-{it}",
                "person_id": name,
                "channel": it,
                "in_contract": True,
                "state": "ok",
            }
            for name in people
            for it in channels
        ],
        feeds=[{"name": "payments", "fresh_until": AT + 3600}],
    )


def test_one_persons_row_is_that_of_the_whole_book(book, plan):
    whole = decide(book, plan).decisions.collect().rows(named=True)

    for row in whole:
        assert dict(facts_of(book, plan, row["borrower_id"]).row) == row


def test_the_values_are_those_of_the_person_and_of_her_one_running_loan(book, plan):
    told = facts_of(book, plan, "slip")

    known = {
        name: told.values[name]
        for name in ("past_payments", "late_before", "days_past_due", "overdue", "currency")
    }
    assert known == {
        "past_payments": 5,
        "late_before": 0,
        "days_past_due": 1,
        "overdue": 10_000,
        "currency": "EUR",
    }
    assert set(told.values) <= set(KNOWN)


def test_a_first_slip_is_explained_with_her_own_numbers(book, plan, words):
    explained = explain(facts_of(book, plan, "slip"), audience="borrower", language="en", words=words)

    assert explained.part("why").text.startswith("All 5 of your earlier payments came on time")


def test_a_hold_of_her_own_is_known(book, plan, words):
    told = facts_of(book, plan, "endangered")

    assert told.values["own_holds"] == "abuse"
    assert "You told us" not in explain(told, audience="borrower", language="en", words=words).text


@pytest.mark.parametrize(("guarantor", "subject"), [("guarantor", None), ("must_hear", "L4")])
def test_a_guarantor_learns_nothing_of_the_loans_amounts(book, plan, guarantor, subject):
    told = facts_of(book, plan, guarantor)

    assert told.row["subject"] == subject
    assert {
        told.values.get(name) for name in ("overdue", "days_past_due", "oldest_overdue_on", "currency")
    } == {None}


def test_whom_nobody_knows_is_refused_in_plain_words(book, plan):
    with pytest.raises(UnknownPerson, match="Nobody with the key 'nobody' was known then"):
        facts_of(book, plan, "nobody")


def test_the_callers_plan_stays_as_it_is(book, plan):
    before = list(plan.asked.order)
    facts_of(book, plan, "slip")

    assert plan.asked.order == before
