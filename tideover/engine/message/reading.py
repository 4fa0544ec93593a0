"""facts_of(book, person): one decision with what was known, for an explanation of today or of any past moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import narwhals as nw

from tideover.engine.decision.decide import Decisions, Facts, decide
from tideover.engine.decision.plan import Plan
from tideover.engine.message.told import TELLABLE, Fact, Told
from tideover.kit.errors import Refused

OF_PERSON = (
    "past_payments", "late_before", "usual_lag", "days_since_contact", "days_since_conversation", "contacts_in_7_days",
    "contacts_in_30_days", "in_difficulty", "has_support_need", "hard_reasons", "open_loans",
)  # fmt: skip
"""Insights of the person that an explanation may use; staff read more of them than the person does."""

OF_LOAN = (
    *(name for name in TELLABLE if name not in OF_PERSON),
    "overdue_instalments",
    "is_open",
    "outstanding",
)
"""Insights of the loan that the decision is about."""

RECORDED = ("timezone", "jurisdiction")
KNOWN = frozenset((*OF_PERSON, *OF_LOAN, *RECORDED, "currency", "own_holds"))
"""Every value an explanation may use."""


class UnknownPerson(Refused):
    """Nobody of that key was known at that moment."""


@dataclass(frozen=True)
class _Circle:
    """A person, the loans she is a party of, and who else is: what one decision can depend on."""

    loans: tuple[str, ...]
    people: tuple[str, ...]

    def rows(self, rows: Callable[[str], nw.LazyFrame]) -> Callable[[str], nw.LazyFrame]:
        """The book's rows about this circle only; tables of neither people nor loans whole."""

        def near(table: str) -> nw.LazyFrame:
            frame = rows(table)
            names = set(frame.collect_schema().names())
            keys = {
                "person_id": self.people,
                "borrower_id": self.people,
                "loan_id": self.loans,
                "subject": self.loans,
            }
            tests = [nw.col(key).is_in(list(near)) for key, near in keys.items() if key in names]
            return frame.filter(nw.any_horizontal(*tests, ignore_nulls=True)) if tests else frame

        return near


def facts_of(facts: Facts, plan: Plan, borrower_id: str, *, content_hash: str = "") -> Told:
    """The decision about one person at the moment of the facts, its topics and offers, and the values known then.

    Only the rows of the person and of her loans are read. Raises UnknownPerson.
    """
    circle = _circle(facts, borrower_id)
    near = replace(facts, rows=circle.rows(facts.rows))
    made = decide(near, replace(plan, also=KNOWN), content_hash=content_hash)
    row = _one(made.decisions, "borrower_id", borrower_id)
    mine = nw.col("decision_id") == str(row["decision_id"])
    offers = sorted(made.offers.filter(mine).collect().rows(named=True), key=lambda it: it["place"])
    topics = made.topics.filter(mine).collect().rows(named=True)
    return Told(
        row, tuple(topics), tuple(it["offer"] for it in offers), _values(near, made, borrower_id, row)
    )


def told_of(
    facts: Facts,
    made: Decisions,
    row: Mapping[str, Fact],
    *,
    topics: tuple[Mapping[str, Fact], ...] = (),
    offers: tuple[str, ...] = (),
) -> Told:
    """A decision that stands, told with what is known now: `made` was computed on the facts by a plan that keeps KNOWN."""
    return Told(row, topics, offers, _values(facts, made, str(row["borrower_id"]), row))


def _circle(facts: Facts, person: str) -> _Circle:
    known = facts.rows("borrowers").filter(nw.col("borrower_id") == person).select("borrower_id").collect()
    if not len(known):
        raise UnknownPerson(
            f"Nobody with the key {person!r} was known then. Keys are those of the table borrowers."
        )
    parties = facts.rows("parties").filter(nw.col("person_id") == person).select("loan_id").collect()
    beside = parties.get_column("loan_id").to_list()
    mine = (nw.col("borrower_id") == person) | nw.col("loan_id").is_in(beside)
    loans = facts.rows("loans").filter(mine).select("loan_id", "borrower_id").collect()
    people = {person, *loans.get_column("borrower_id").to_list()}
    return _Circle(tuple(loans.get_column("loan_id").to_list()), tuple(sorted(p for p in people if p)))


def _one(frame: nw.LazyFrame, key: str, value: str) -> dict[str, Fact]:
    rows = frame.filter(nw.col(key) == value).collect().rows(named=True)
    return dict(rows[0]) if rows else {}


def _values(facts: Facts, made: Decisions, person: str, row: Mapping[str, Fact]) -> dict[str, Fact]:
    """The person's insights, and those of the loan where it is hers to know."""
    about = _one(made.people, "person_id", person)
    values = {name: about.get(name) for name in (*OF_PERSON, *RECORDED)}
    values["own_holds"] = _own_holds(facts, person)
    loan = _loan(made.loans, facts, person, row)
    return values | {name: loan.get(name) for name in (*OF_LOAN, "currency")}


def _own_holds(facts: Facts, person: str) -> str:
    """The kinds of hold that stand for the person herself, sorted, separated by commas."""
    holds = facts.rows("holds").filter(
        nw.col("person_id") == person,
        nw.col("from_at").is_null() | (nw.col("from_at") <= facts.at),
        nw.col("until_at").is_null() | (nw.col("until_at") > facts.at),
    )
    return ",".join(sorted(set(filter(None, holds.select("kind").collect().get_column("kind").to_list()))))


def _loan(loans: nw.LazyFrame, facts: Facts, person: str, row: Mapping[str, Fact]) -> dict[str, Fact]:
    """The loan that the decision is about; of silence, the one loan that runs. Empty where it is not hers to know."""
    subject = str(row.get("subject") or "")
    if subject:
        loan = _one(loans, "loan_id", subject)
        return loan if loan.get("borrower_id") == person or _may_be_told(facts, person, subject) else {}
    running = loans.filter(nw.col("borrower_id") == person, nw.col("is_open")).collect().rows(named=True)
    return dict(running[0]) if len(running) == 1 else {}


def _may_be_told(facts: Facts, person: str, loan: str) -> bool:
    """Does her tie to this loan, as it stands now, let her know all of it?"""
    ties = facts.rows("parties").filter(
        nw.col("person_id") == person,
        nw.col("loan_id") == loan,
        nw.col("from_at").is_null() | (nw.col("from_at") <= facts.at),
        nw.col("until_at").is_null() | (nw.col("until_at") > facts.at),
    )
    return "all" in ties.select("may_be_told").collect().get_column("may_be_told").to_list()
