"""Loans, people and applications with the insights that a strategy asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import narwhals as nw

from tideover.engine.insight import Asked, Insight, Level, derive, joined, masked, totals
from tideover.engine.insight.compute import Group, following, row_insights
from tideover.engine.insight.contacts import COUNTED_STATES, LOST_REPLY, by_people

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
CONTACT = ("contact_id", "person_id", "channel", "purpose", "subject", "send_at", "is_sure")
MOMENTS = frozenset({"today", "utc_offset"})
DAY = 86_400
PAYMENT_DAYS = 100
"""Payments older than this say nothing that instalments do not say better."""

LOOK_BACK_DAYS = 400
"""Contacts older than this say nothing to any shipped insight."""


SHARED = {"contacts": "talks", "told": "talks", "answers": "answered"}
"""Of a person, what was told is what was contacted; both are counted in one pass."""

ABOUT = "about"
"""What was told about loans and applications, counted in one pass by subject and person: one party's news is not another's."""

OF_A_PARTY = ("subject", "person_id")


@dataclass(frozen=True)
class Tables:
    """The recorded rows, and the few tables that are one join away from them.

    `hold_kinds`: kind, place in the order, covers_loan and kind_rests__<class> (0 or 1). `class_powers`: purpose_class, class_power.
    """

    rows: Rows
    stamp: Stamped
    reminders: tuple[str, ...]
    told: tuple[str, ...]
    hold_kinds: nw.LazyFrame
    class_powers: nw.LazyFrame
    reduce: Callable[[nw.LazyFrame], nw.LazyFrame]
    shared: Mapping[str, nw.LazyFrame] = field(default_factory=dict)
    """Totals over contacts, over what was told about a subject and over answers, computed once for all who ask."""

    def of(self, table: str, needs: frozenset[str]) -> nw.LazyFrame:
        """Rows of a table, recorded or made, with the moments that are needed."""
        made = {
            "told": self._told,
            "answers": self._answers,
            "contacts": self._contacts,
            "holds": self._person_holds,
            "loan_holds": self._loan_holds,
            "consents": self._consents,
        }
        if table in made:
            return made[table](needs)
        key = "person_id" if table == "milestones" else KEYS.get(table, "person_id")
        rows = self.stamp(self.rows(table), key, needs)
        if table == "payments":
            rows = rows.filter(nw.col("paid_at") > nw.col("at") - PAYMENT_DAYS * DAY)
        return rows

    def counted_contacts(self) -> nw.LazyFrame:
        """Contacts that count, one row each: contact_id, person_id, channel, purpose, subject, send_at, is_sure, at, utc_offset."""
        rows = self.rows("contacts").filter(nw.col("state").is_in(list(COUNTED_STATES)))
        rows = rows.with_columns((nw.col("state") != LOST_REPLY).alias("is_sure"))
        rows = self.stamp(rows, "person_id", frozenset({"utc_offset", "today"}))
        rows = rows.filter(nw.col("send_at") > nw.col("at") - LOOK_BACK_DAYS * DAY)
        return rows.select(*CONTACT, "at", "today", "utc_offset")

    def by_subject(self, contacts: nw.LazyFrame) -> nw.LazyFrame:
        """Contacts once for each subject they were about."""
        names = [name for name in contacts.collect_schema().names() if name != "subject"]
        further = self.rows("contact_topics").select("contact_id", nw.col("loan_id").alias("subject"))
        further = contacts.rename({"subject": "main"}).join(further, on="contact_id", how="inner")
        further = further.filter(nw.col("main").is_null() | (nw.col("subject") != nw.col("main")))
        return nw.concat([contacts.select(*names, "subject"), further.select(*names, "subject")])

    def _contacts(self, _: frozenset[str]) -> nw.LazyFrame:
        is_reminder = nw.col("purpose").is_in(list(self.reminders)).alias("is_reminder")
        return self.counted_contacts().with_columns(is_reminder)

    def _told(self, _: frozenset[str]) -> nw.LazyFrame:
        return self.counted_contacts().filter(nw.col("purpose").is_in(list(self.told)))

    def _answers(self, _: frozenset[str]) -> nw.LazyFrame:
        first = (
            by_people(self.rows("responses"))
            .group_by("contact_id")
            .agg(nw.col("at").min().alias("answered_at"))
        )
        answered = self._contacts(frozenset()).join(first, on="contact_id", how="inner")
        refuses = self.rows("preferences").filter(nw.col("name") == "do_not_study", nw.col("value") == "yes")
        studied = answered.join(refuses.select("person_id"), on="person_id", how="anti")
        return studied.filter(nw.col("answered_at") <= nw.col("at"))

    def _holds(self) -> nw.LazyFrame:
        rows = self.rows("holds").join(self.hold_kinds, on="kind", how="left")
        return rows.with_columns((nw.col("loan_id").is_null() | (nw.col("loan_id") == "")).alias("no_loan"))

    def _person_holds(self, needs: frozenset[str]) -> nw.LazyFrame:
        """Holds of a person; `of_person` marks those that rest her contacts: all but one that covers a loan it names."""
        of_person = nw.col("no_loan") | (nw.col("covers_loan").fill_null(0) == 0)
        return self.stamp(self._holds().with_columns(of_person.alias("of_person")), "person_id", needs)

    def _loan_holds(self, needs: frozenset[str]) -> nw.LazyFrame:
        """Holds that rest a loan for every party: on the loan they name, else on all loans the person took."""
        rows = self._holds().filter(nw.col("covers_loan") == 1)
        names = [name for name in rows.collect_schema().names() if name != "loan_id"]
        own = self.rows("loans").select("loan_id", nw.col("borrower_id").alias("person_id"))
        spread = rows.filter(nw.col("no_loan")).drop("loan_id").join(own, on="person_id", how="inner")
        named = rows.filter(~nw.col("no_loan"))
        rows = nw.concat([named.select(*names, "loan_id"), spread.select(*names, "loan_id")])
        return self.stamp(rows.with_columns(nw.lit(True).alias("of_person")), "person_id", needs)

    def _consents(self, needs: frozenset[str]) -> nw.LazyFrame:
        return self.stamp(
            self.rows("consents").join(self.class_powers, on="purpose_class", how="inner"), "person_id", needs
        )

    def grouped(self, asked: Asked, level: Level, skip: str = "") -> list[Group]:
        """The totals of a level, one group-by a table."""
        return [
            self.group(table, level, wanted) for table, wanted in asked.totals(level).items() if table != skip
        ]

    def shared_totals(self, name: str, asked: Iterable[Asked]) -> nw.LazyFrame:
        """All totals over one shared table that anybody asks for."""
        found = [
            it
            for one in asked
            for level in Level
            for table, wanted in one.totals(level).items()
            if _shared(table, level) == name
            for it in wanted
        ]
        if name == ABOUT:
            return self._totals("told", Level.LOAN, list({it.name: it for it in found}.values())).frame
        table = "answers" if name == "answered" else "contacts"
        return self._totals(table, Level.PERSON, list(dict.fromkeys(found))).frame

    def group(self, table: str, level: Level, wanted: list[Insight]) -> Group:
        """These totals of a level over one table."""
        if (shared := _shared(table, level)) in self.shared:
            keys = OF_A_PARTY if shared == ABOUT else ("person_id",)
            return Group(self.shared[shared].select(*keys, *(it.name for it in wanted)), keys, wanted)
        return self._totals(table, level, wanted)

    def _totals(self, table: str, level: Level, wanted: list[Insight]) -> Group:
        needs = MOMENTS & _reads(table, wanted)
        rows = self.of(table, needs)
        if _shared(table, level) == ABOUT:
            group = totals(self.by_subject(rows), table, OF_A_PARTY, wanted)
        else:
            group = totals(rows, table, (KEYS.get(table, "person_id"),), wanted)
        return replace(group, frame=self.reduce(group.frame))


def _shared(table: str, level: Level) -> str:
    """The shared totals that hold those of this table and level; empty where it has its own."""
    if level is Level.PERSON:
        return SHARED.get(table, "")
    return ABOUT if table == "told" else ""


def _reads(table: str, wanted: list[Insight]) -> frozenset[str]:
    return frozenset(n for it in (*wanted, *row_insights(table, wanted)) for n in it.needs)


def loans_with_insights(tables: Tables, asked: Asked) -> nw.LazyFrame:
    """Every loan with its own insights. Key loan_id."""
    loans = tables.stamp(tables.rows("loans"), "borrower_id", MOMENTS)
    loans = joined(loans, ("loan_id",), tables.grouped(asked, Level.LOAN, skip="told"))
    of_a_party = asked.of_a_party()
    return derive(loans, (it for it in asked.derived(Level.LOAN) if it not in of_a_party))


def with_what_was_told(parties: nw.LazyFrame, tables: Tables, asked: Asked) -> nw.LazyFrame:
    """Loans once for each party, with what this party was told about it. Keys subject, person_id."""
    told = asked.totals(Level.LOAN).get("told", [])
    groups = [tables.group("told", Level.LOAN, told)] if told else []
    return derive(joined(parties, OF_A_PARTY, groups), asked.of_a_party())


def applications_with_insights(tables: Tables, asked: Asked) -> nw.LazyFrame:
    """Every application with its insights. Key application_id."""
    same = ("person_id", "product", "at", "today", "utc_offset")
    heads = (
        tables.of("milestones", MOMENTS)
        .group_by("application_id")
        .agg(*(nw.col(name).max() for name in same))
    )
    stamped = tables.reduce(heads).filter(~nw.col("person_id").is_null())
    told = asked.totals(Level.APPLICATION).get("told", [])
    rows = joined(stamped, ("application_id",), tables.grouped(asked, Level.APPLICATION, skip="told"))
    groups = [tables.group("told", Level.APPLICATION, told)] if told else []
    rows = joined(rows, ("application_id", "person_id"), groups)
    return derive(rows, asked.derived(Level.APPLICATION))


def people_with_insights(
    people: nw.LazyFrame,
    loans: nw.LazyFrame,
    tables: Tables,
    asked: Asked,
    published: Callable[[nw.LazyFrame], nw.LazyFrame],
) -> nw.LazyFrame:
    """Every person with her insights; habits read neutral for whoever refused to be studied. Key person_id.

    `published` joins the columns of the published tables once the person's leaf is known.
    """
    own = asked.totals(Level.PERSON).get("loans", [])
    groups = [totals(loans, "loans", ("borrower_id",), own)] if own else []
    groups += tables.grouped(asked, Level.PERSON, skip="loans")
    people = joined(people, ("person_id",), groups)
    order = asked.derived(Level.PERSON)
    refusal = [it for it in order if it.name == "do_not_study"]
    people = derive(people, refusal)
    people = masked(people, (it for group in groups for it in group.insights))
    rest = [it for it in order if it.name != "do_not_study"]
    late = following({"reminder_prior", "call_effect", "call_cutoff"}, rest)
    early = [it for it in rest if it not in late]
    people = derive(people, early, "do_not_study")
    return derive(published(people), late, "do_not_study")
