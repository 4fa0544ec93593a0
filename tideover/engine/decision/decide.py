"""decide(book, strategy, at): who is spoken to, about what, how, when, or left in peace, with reasons. A pure function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import narwhals as nw

from tideover.engine.arithmetic import number
from tideover.engine.decision import candidates as made
from tideover.engine.decision.backend import Backend
from tideover.engine.decision.calendar import day_frame, signatures, slot_frame
from tideover.engine.decision.clock import Clock, Stamp, people_at
from tideover.engine.decision.limits import NO_KIND
from tideover.engine.decision.plan import Plan
from tideover.engine.decision.rows import decision_rows, offers_rows, silence_rows
from tideover.engine.decision.stages import Stages
from tideover.engine.decision.subjects import Tables
from tideover.engine.insight.contacts import DAY
from tideover.kit.calendars import offset_at, zone_names

PAYMENTS_FEED = "payments"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Facts:
    """A book as known at one moment, on one engine: `rows(table)` in engine types, empty where a table is missing."""

    rows: Callable[[str], nw.LazyFrame]
    backend: Backend
    at: int
    assumes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decisions:
    """What was decided: one row a person, what each contact is about, which offers go with it."""

    decisions: nw.LazyFrame
    topics: nw.LazyFrame
    offers: nw.LazyFrame


def clock_for(zones: list[str], at: int) -> Clock:
    """The clocks of all known zones among these at a moment."""
    known = zone_names()
    return Clock(at, {zone: offset_at(zone, at) for zone in sorted(set(zones)) if zone in known})


def distinct(frame: nw.LazyFrame, column: str) -> list[str]:
    """The different known values of a column, sorted."""
    values = frame.select(column).unique().collect().get_column(column).to_list()
    return sorted(value for value in values if value is not None)


def decide(facts: Facts, plan: Plan, *, content_hash: str = "", progress: Progress = lambda _: None) -> Decisions:
    """Decide every person of the facts. The caller says when to compute: frames are lazy, shared steps settled."""
    backend, stages = facts.backend, Stages(plan, facts.backend)
    borrowers = facts.rows("borrowers")
    clock = clock_for(distinct(borrowers, "timezone"), facts.at)
    stamped = people_at(borrowers, clock, backend)
    stamp = Stamp(clock, stamped, facts.rows("loans").select("loan_id", "borrower_id"))
    tables = Tables(facts.rows, stamp, plan.reminders, plan.told, facts.at)
    progress("loans")
    loans = backend.settle(stages.loans(tables))
    progress("people")
    people = backend.settle(stages.people(stamped, loans, tables))
    progress("steps")
    subjects = backend.settle(stages.subjects(people, loans, tables))
    candidates = backend.settle(stages.judged(subjects, people, payments_stale(facts)))
    progress("contacts")
    chosen = backend.settle(stages.chosen(candidates, people, counted_contacts(facts, people)))
    first_day, days = facts.at // DAY - 1, plan.longest_use_by + 4
    made_signatures = signatures(distinct(people, "person_key"), plan.rules.windows, first_day, days)
    day_rows, slot_rows = (f(made_signatures, first_day, days, backend) for f in (day_frame, slot_frame))
    timed = backend.settle(stages.timed(chosen, day_rows, slot_rows))
    progress("rows")
    decisions = backend.settle(
        decision_rows(
            plan, people, silence_rows(subjects, plan, backend), timed, made.stepped_aside(candidates), facts.assumes, content_hash, backend
        )
    )
    spoken = decisions.filter(nw.col("treatment") != "none").select(
        "decision_id", nw.col("borrower_id").alias("person_id")
    )
    topics = stages.topics(candidates, timed).join(spoken, on="person_id", how="inner")
    offers = offers_rows(timed, plan, backend).join(spoken, on="person_id", how="inner")
    return Decisions(
        decisions, topics.select("decision_id", "subject", "occasion", "is_main"), offers.select("decision_id", "offer", "place")
    )


def payments_stale(facts: Facts) -> nw.Expr:
    """Is the payments feed too old to ask anybody for money? In doubt, yes."""
    feeds = facts.rows("feeds").filter(nw.col("name") == PAYMENTS_FEED).select(nw.col("fresh_until").max()).collect()
    fresh = feeds.get_column("fresh_until").to_list()
    return nw.lit(not fresh or fresh[0] is None or fresh[0] < facts.at)


def counted_contacts(facts: Facts, people: nw.LazyFrame) -> nw.LazyFrame:
    """Contacts that caps count, one row a subject, with what decides which caps: person_id ... send_at, at."""
    from tideover.engine.insight.contacts import COUNTED_STATES

    contacts = facts.rows("contacts").filter(
        nw.col("state").is_in(list(COUNTED_STATES)), nw.col("send_at") > facts.at - 40 * DAY
    )
    contacts = contacts.select("contact_id", "person_id", "channel", "purpose", "subject", "send_at")
    further = facts.rows("contact_topics").select("contact_id", "loan_id").join(contacts, on="contact_id", how="inner")
    names = ("contact_id", "person_id", "channel", "purpose", "subject", "send_at")
    further = further.drop("subject").rename({"loan_id": "subject"}).select(*names)
    rows = nw.concat([contacts.select(*names), further])
    rows = rows.join(people.select("person_id", "jurisdiction"), on="person_id", how="inner")
    kinds = facts.rows("loans").select(nw.col("loan_id").alias("subject"), "kind")
    rows = rows.join(kinds, on="subject", how="left")
    return rows.with_columns(
        nw.col("kind").fill_null(NO_KIND), nw.col("subject").fill_null(""), number(facts.at).alias("at")
    )
