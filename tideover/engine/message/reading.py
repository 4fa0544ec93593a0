"""facts_of(book, person): one decision with what was known, for an explanation of today or of any past moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

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
    return Knowledge(near, made).told(row, topics=tuple(topics), offers=tuple(it["offer"] for it in offers))


class Knowledge:
    """What is known of many people at one moment, read once: every decision among them is told from it.

    `made` was computed on the facts by a plan that keeps KNOWN.
    """

    def __init__(self, facts: Facts, made: Decisions) -> None:
        self._facts, self._made = facts, made

    def told(
        self,
        row: Mapping[str, Fact],
        *,
        topics: tuple[Mapping[str, Fact], ...] = (),
        offers: tuple[str, ...] = (),
    ) -> Told:
        """A decision that stands, told with what is known now."""
        person = str(row["borrower_id"])
        about, loan = self._people.get(person, {}), self._loan(person, row)
        values: dict[str, Fact] = {name: about.get(name) for name in (*OF_PERSON, *RECORDED)}
        values["own_holds"] = ",".join(sorted(self._holds.get(person, ())))
        return Told(row, topics, offers, values | {name: loan.get(name) for name in (*OF_LOAN, "currency")})

    def _loan(self, person: str, row: Mapping[str, Fact]) -> Mapping[str, Fact]:
        """The loan that the decision is about; of silence, the one loan that runs. Empty where it is not hers to know."""
        subject = str(row.get("subject") or "")
        if subject:
            loan = self._loans.get(subject, {})
            return loan if loan.get("borrower_id") == person or (person, subject) in self._open_ties else {}
        running = self._running.get(person, ())
        return running[0] if len(running) == 1 else {}

    @cached_property
    def _people(self) -> dict[object, Mapping[str, Fact]]:
        """Insights of the people, by person."""
        wanted = ("person_id", *OF_PERSON, *RECORDED)
        return {row["person_id"]: row for row in _rows(self._made.people, wanted)}

    @cached_property
    def _loans(self) -> dict[object, Mapping[str, Fact]]:
        """Insights of the loans, by loan."""
        wanted = ("loan_id", "borrower_id", *OF_LOAN, "currency")
        return {row["loan_id"]: row for row in _rows(self._made.loans, wanted)}

    @cached_property
    def _running(self) -> dict[object, list[Mapping[str, Fact]]]:
        found: dict[object, list[Mapping[str, Fact]]] = {}
        for row in self._loans.values():
            if row.get("is_open"):
                found.setdefault(row["borrower_id"], []).append(row)
        return found

    @cached_property
    def _holds(self) -> dict[object, set[str]]:
        """The kinds of hold that stand for each person herself."""
        found: dict[object, set[str]] = {}
        for row in _rows(self._in_force("holds"), ("person_id", "kind")):
            if row["kind"]:
                found.setdefault(row["person_id"], set()).add(str(row["kind"]))
        return found

    @cached_property
    def _open_ties(self) -> set[tuple[object, object]]:
        """People and loans of which their tie, as it stands now, lets them know all."""
        ties = self._in_force("parties").filter(nw.col("may_be_told") == "all")
        return {(row["person_id"], row["loan_id"]) for row in _rows(ties, ("person_id", "loan_id"))}

    def _in_force(self, table: str) -> nw.LazyFrame:
        return self._facts.rows(table).filter(
            nw.col("from_at").is_null() | (nw.col("from_at") <= self._facts.at),
            nw.col("until_at").is_null() | (nw.col("until_at") > self._facts.at),
        )


def _rows(frame: nw.LazyFrame, wanted: Iterable[str]) -> Iterator[dict[str, Fact]]:
    """The rows with those of the columns that there are."""
    there = set(frame.collect_schema().names())
    yield from frame.select(*(name for name in wanted if name in there)).collect().rows(named=True)


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
