"""Loans, people and applications with the insights that a strategy asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import narwhals as nw

from tideover.engine.insight import Asked, Insight, Level, derive, joined, masked, totals
from tideover.engine.insight.compute import Group, row_insights
from tideover.engine.insight.contacts import COUNTED_STATES, HUMAN_KINDS

Rows = Callable[[str], nw.LazyFrame]
Stamped = Callable[[nw.LazyFrame, str, frozenset[str]], nw.LazyFrame]

KEYS = {
    "instalments": "loan_id",
    "standings": "loan_id",
    "payments": "loan_id",
    "promises": "loan_id",
    "plans": "loan_id",
    "loan_holds": "loan_id",
    "milestones": "application_id",
    "locations": "borrower_id",
}
MOMENTS = frozenset({"today", "utc_offset"})
DAY = 86_400
LOOK_BACK_DAYS = 400
"""Contacts older than this say nothing to any shipped insight."""


@dataclass(frozen=True)
class Tables:
    """The recorded rows, and the few tables that are one join away from them."""

    rows: Rows
    stamp: Stamped
    reminders: tuple[str, ...]
    told: tuple[str, ...]
    at: int

    def of(self, table: str, needs: frozenset[str]) -> nw.LazyFrame:
        """Rows of a table, recorded or made, with the moments that are needed."""
        made = {"told": self._told, "answers": self._answers, "contacts": self._contacts, "loan_holds": self._holds}
        if table in made:
            return made[table](needs)
        rows = self.rows(table)
        if table == "holds":
            rows = rows.filter(nw.col("loan_id").is_null() | (nw.col("loan_id") == ""))
        return self.stamp(rows, self._stamp_key(table), needs)

    @staticmethod
    def _stamp_key(table: str) -> str:
        return "person_id" if table == "milestones" else KEYS.get(table, "person_id")

    def _contacts(self, needs: frozenset[str]) -> nw.LazyFrame:
        rows = self.rows("contacts").filter(
            nw.col("state").is_in(list(COUNTED_STATES)), nw.col("send_at") > self.at - LOOK_BACK_DAYS * DAY
        )
        rows = rows.select("contact_id", "person_id", "channel", "purpose", "subject", "send_at").with_columns(
            nw.col("purpose").is_in(list(self.reminders)).alias("is_reminder")
        )
        return self.stamp(rows, "person_id", needs | {"utc_offset"})

    def _told(self, needs: frozenset[str]) -> nw.LazyFrame:
        contacts = self._contacts(needs).filter(nw.col("purpose").is_in(list(self.told)))
        further = self.rows("contact_topics").select("contact_id", "loan_id").join(contacts, on="contact_id", how="inner")
        columns = [c for c in contacts.collect_schema().names() if c not in {"subject", "contact_id"}]
        return nw.concat(
            [
                contacts.select(nw.col("subject").alias("loan_id"), *columns),
                further.select("loan_id", *columns),
            ]
        )

    def _answers(self, needs: frozenset[str]) -> nw.LazyFrame:
        human = self.rows("responses").filter(nw.col("kind").is_in(list(HUMAN_KINDS)), nw.col("human").fill_null(True))
        answered = human.filter(nw.col("at") <= self.at).select("contact_id").unique()
        return self._contacts(needs).join(answered, on="contact_id", how="inner")

    def _holds(self, needs: frozenset[str]) -> nw.LazyFrame:
        rows = self.rows("holds").filter(~nw.col("loan_id").is_null() & (nw.col("loan_id") != ""))
        return self.stamp(rows, "person_id", needs)

    def grouped(self, asked: Asked, level: Level, skip: str = "") -> list[Group]:
        """The totals of a level, one group-by a table."""
        return [self._grouped(table, level, wanted) for table, wanted in asked.totals(level).items() if table != skip]

    def _grouped(self, table: str, level: Level, wanted: list[Insight]) -> Group:
        key = KEYS.get(table, "person_id")
        if table == "told":
            key = "person_id" if level is Level.PERSON else "loan_id"
        return totals(self.of(table, MOMENTS & _reads(table, wanted)), table, key, wanted)


def _reads(table: str, wanted: list[Insight]) -> frozenset[str]:
    return frozenset(n for it in (*wanted, *row_insights(table, wanted)) for n in it.needs)


def loans_with_insights(tables: Tables, asked: Asked) -> nw.LazyFrame:
    """Every loan with its own insights. Key loan_id."""
    loans = tables.stamp(tables.rows("loans"), "borrower_id", MOMENTS)
    loans = joined(loans, "loan_id", tables.grouped(asked, Level.LOAN))
    return derive(loans, asked.derived(Level.LOAN))


def applications_with_insights(tables: Tables, asked: Asked) -> nw.LazyFrame:
    """Every application with its insights. Key application_id."""
    heads = (
        tables.rows("milestones")
        .group_by("application_id")
        .agg(nw.col("person_id").max(), nw.col("product").max())
        .filter(~nw.col("person_id").is_null())
    )
    stamped = tables.stamp(heads, "person_id", MOMENTS)
    groups = tables.grouped(asked, Level.APPLICATION)
    return derive(joined(stamped, "application_id", groups), asked.derived(Level.APPLICATION))


def people_with_insights(
    people: nw.LazyFrame, loans: nw.LazyFrame, tables: Tables, asked: Asked, published: Callable[[nw.LazyFrame], nw.LazyFrame]
) -> nw.LazyFrame:
    """Every person with her insights; habits read neutral for whoever refused to be studied. Key person_id.

    `published` joins the columns of the published tables once the person's leaf is known.
    """
    own = asked.totals(Level.PERSON).get("loans", [])
    groups = [totals(loans, "loans", "borrower_id", own)] if own else []
    groups += tables.grouped(asked, Level.PERSON, skip="loans")
    people = joined(people, "person_id", groups)
    order = asked.derived(Level.PERSON)
    refusal = [it for it in order if it.name == "do_not_study"]
    people = derive(people, refusal)
    people = masked(people, (it for group in groups for it in group.insights))
    rest = [it for it in order if it.name != "do_not_study"]
    late = _after({"reminder_prior", "call_effect", "call_cutoff"}, rest)
    early = [it for it in rest if it not in late]
    people = masked(derive(people, early), early)
    people = published(people)
    return masked(derive(people, late), late)


def _after(columns: set[str], order: list[Insight]) -> list[Insight]:
    found: list[Insight] = []
    for it in order:
        if set(it.needs) & (columns | {f.name for f in found}):
            found.append(it)
    return found
