"""Facts are added, never overwritten, and go to the engine as they were known."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT, someone
from tideover.book.actions import NotInContract, record
from tideover.book.models import FACTS, Person
from tideover.book.queries import known_about

NOW = datetime.fromtimestamp(AT, UTC)
pytestmark = pytest.mark.django_db


def asha(**about):
    known = someone("asha", **about)["borrowers"][0]
    return {name: value for name, value in known.items() if name not in ("seed", "recorded_at")}


def test_a_person_who_is_recorded_can_be_decided_about():
    record("borrowers", [asha()], source="api", at=NOW)

    known = known_about(["asha"], NOW)

    assert known["borrowers"].select("borrower_id", "timezone").rows() == [("asha", "Europe/London")]
    assert known["loans"].height == 0


def test_a_change_is_a_new_row_and_the_past_stays_as_it_was():
    record("borrowers", [asha(language="en")], source="api", at=NOW)
    record("borrowers", [asha(language="bn")], source="api", at=NOW + timedelta(days=1))

    before = known_about(["asha"], NOW)["borrowers"]["language"].to_list()
    after = known_about(["asha"], NOW + timedelta(days=1))["borrowers"]["language"].to_list()

    assert (before, after) == (["en"], ["bn"])


def test_saying_the_same_again_adds_nothing():
    record("borrowers", [asha()], source="api", at=NOW)

    again = record("borrowers", [asha()], source="api", at=NOW + timedelta(days=1))

    assert again == []
    assert FACTS["borrowers"].objects.count() == 1


def test_every_fact_about_a_person_moves_her_version():
    record("borrowers", [asha()], source="api", at=NOW)
    before = Person.objects.get(pk="asha").facts_version

    record(
        "holds",
        [{"hold_id": "h1", "person_id": "asha", "kind": "hardship", "from_at": NOW}],
        source="agent",
        at=NOW,
    )

    assert Person.objects.get(pk="asha").facts_version == before + 1


def test_a_payment_moves_the_version_of_everybody_in_the_loan():
    record("borrowers", [asha(), {**asha(), "borrower_id": "beside"}], source="api", at=NOW)
    record("loans", [{"loan_id": "l1", "borrower_id": "asha"}], source="api", at=NOW)
    record("parties", [{"loan_id": "l1", "person_id": "beside", "role": "guarantor"}], source="api", at=NOW)
    before = dict(Person.objects.values_list("person_id", "facts_version"))

    record(
        "payments",
        [{"payment_id": "p1", "loan_id": "l1", "amount": 100, "paid_at": NOW}],
        source="bank",
        at=NOW,
    )

    after = dict(Person.objects.values_list("person_id", "facts_version"))
    assert {name: after[name] - before[name] for name in after} == {"asha": 1, "beside": 1}


@pytest.mark.parametrize("row", [{"loan_id": None}, {"loan_id": "l1", "colour": "red"}])
def test_a_fact_outside_the_contract_is_refused(row):
    with pytest.raises(NotInContract):
        record("loans", [row], source="api", at=NOW)


def test_of_two_versions_told_in_one_second_the_later_wins():
    hold = {"hold_id": "h1", "person_id": "asha", "kind": "hardship", "from_at": NOW}
    record("borrowers", [asha()], source="api", at=NOW)
    record("holds", [hold], source="agent", at=NOW)

    record("holds", [{**hold, "until_at": NOW}], source="agent", at=NOW)

    known = known_about(["asha"], NOW + timedelta(seconds=1))["holds"]
    assert known["until_at"].to_list() == [AT]
