"""The plan of a strategy under one day's rules: which insights it needs, and its stages from facts to rows.

Stages hand frames to each other. Between them a frame that several steps read is settled once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import narwhals as nw

from tideover.engine.decision.candidates import ranked
from tideover.engine.decision.published import Published
from tideover.engine.insight import REGISTRY, Asked, Insight, Level, generated, masked
from tideover.engine.policy.duties import duty_policies
from tideover.engine.policy.expression import Expression, ExpressionError, parse
from tideover.engine.policy.rules._tables import RuleTables
from tideover.engine.policy.strategy import Policy, Step, Strategy

Frames = Mapping[str, nw.LazyFrame]

OF_PEOPLE = (
    "do_not_study",
    "in_difficulty",
    "has_support_need",
    "refuses_calls",
    "shares_phone",
    "wished_channels",
    "wished_hours",
    "wished_quiet_days",
    "last_conversation_at",
    "leaf",
    "zone_1",
    "zone_2",
    "zone_3",
    "zone_4",
    "zones_known",
    "region",
    "next_event_on",
)
"""Insights about people that every plan needs, whatever its policies read."""

RECORDED = (
    "person_id",
    "seed",
    "at",
    "today",
    "utc_offset",
    "payments_stale",
    "language",
    "country",
    "timezone",
    "team",
    "branch",
)
MADE_OF_PEOPLE = ("jurisdiction", "zones", "person_key")
SUBJECT_KEYS = {Level.LOAN: "loan_id", Level.APPLICATION: "application_id", Level.PERSON: "person_id"}
KEEP = ("person_id", "subject", "kind", "jurisdiction")


@dataclass(frozen=True)
class Plan:
    """A strategy, the rules of a day, published tables and a salt, made ready to decide."""

    strategy: Strategy
    rules: RuleTables
    published: Published
    salt: str
    also: frozenset[str] = frozenset()
    """Further insights to compute and keep, for whoever tells a decision in words."""

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """The duties first, then the strategy's policies."""
        return (*duty_policies(self.rules.duties, self.strategy), *self.strategy.policies)

    @cached_property
    def bans(self) -> tuple[tuple[Level, Expression], ...]:
        """The conditions of conditional bans, for each kind of subject that knows the names they use."""
        made = []
        for ban in self.rules.bans_when:
            readable = [(level, it) for level in SUBJECT_KEYS if (it := self._readable(ban.when, level))]
            if not readable:
                parse(ban.when, self.strategy.names.scope(Level.LOAN))  # says what is wrong
            made.append(dict(readable))
        return tuple((level, it) for each in made for level, it in each.items())

    def _readable(self, text: str, level: Level) -> Expression | None:
        try:
            return parse(text, self.strategy.names.scope(level))
        except ExpressionError:
            return None

    def ban_columns(self, level: Level) -> list[nw.Expr]:
        """`ban_when__i`: does the i-th conditional ban hold for this subject? No where its names say nothing about it."""
        columns = []
        for i, ban in enumerate(self.rules.bans_when):
            it = self._readable(ban.when, level)
            columns.append((it.make() if it else nw.lit(False)).alias(f"ban_when__{i}"))
        return columns

    @cached_property
    def steps(self) -> list[Step]:
        """Every step, duties included."""
        return [step for policy in self.policies for step in policy.steps]

    def policies_about(self, subject: Level) -> list[Policy]:
        """The policies with this kind of subject."""
        return [policy for policy in self.policies if policy.subject is subject]

    @cached_property
    def of_candidates(self) -> Asked:
        """What decides whether a candidate may be said: holds, consents and addresses of its person."""
        lists = self.strategy.lists
        made = [generated.rests(k, level) for k in lists.classes for level in (Level.PERSON, Level.LOAN)]
        made += [generated.consents(channel) for channel in (*lists.channels, generated.EVERY_CLASS)]
        return _asked([*made, *(generated.address(channel) for channel in lists.channels)])

    @cached_property
    def of_choice(self) -> Asked:
        """What weighs channels, slots and weekdays: where the person answered before."""
        channels = self.strategy.lists.channels
        made = [
            insight for c in channels for insight in (generated.sent(c), generated.answered("channel", c, c))
        ]
        made += [generated.answered("slot", k, f"slot_{k}") for k in range(12)]
        made += [generated.answered("weekday", k, f"weekday_{k}") for k in range(7)]
        return _asked([*made, REGISTRY[Level.PERSON, "answers_seen"]])

    @cached_property
    def asked(self) -> Asked:
        """Everything that policies, bans and the flow read of loans, applications and people, each after what it needs."""
        policies, bans = self.policies, self.bans  # reading them adds the insights they ask for by name
        asked = Asked(dict(self.strategy.names.registry))
        for name in (*OF_PEOPLE, *sorted(self.also)):
            asked.ask(Level.PERSON, name)
        for name in sorted(self.also):
            asked.ask(Level.LOAN, name)
        read = [(policy.subject, policy.columns) for policy in policies] + [
            (at, it.columns) for at, it in bans
        ]
        for level, columns in read:
            for column in sorted(columns):
                asked.ask(Level.PERSON, column)
                asked.ask(level, column)
        return asked

    @cached_property
    def kept_of_loans(self) -> frozenset[str]:
        """The columns of loans that later stages read."""
        of_parties = {need for it in self.asked.of_a_party() for need in it.needs}
        of_people = {need for it in self.asked.totals(Level.PERSON).get("loans", ()) for need in it.needs}
        return frozenset(
            {
                "loan_id",
                "borrower_id",
                "kind",
                "at",
                *of_people,
                *of_parties,
                *self.reads(Level.LOAN),
                *self.also,
            }
        )

    @cached_property
    def kept_of_people(self) -> frozenset[str]:
        """The columns of people that later stages read."""
        read = frozenset().union(*(self.reads(level) for level in Level if level in SUBJECT_KEYS))
        return frozenset({*RECORDED, *MADE_OF_PEOPLE, *OF_PEOPLE, *read, *self.also})

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The purposes whose telling is asked about."""
        names = {it.name.split("__")[1] for it in self.asked.order if it.over == "told"}
        return tuple(sorted(names))

    @cached_property
    def reminders(self) -> tuple[str, ...]:
        """The purposes that are plain reminders."""
        lists = self.strategy.lists
        return (*lists.purposes_of("reminder"), "gentle_reminder", "neutral_reminder", "leeway_note")

    def reads(self, level: Level) -> frozenset[str]:
        """The columns that policies and bans about this subject read."""
        parts = [policy.columns for policy in self.policies_about(level)]
        parts += [expression.columns for at, expression in self.bans if at is level]
        return frozenset().union(*parts)

    @cached_property
    def longest_use_by(self) -> int:
        """Days ahead for which calendars are needed."""
        return max((step.use_by for step in self.steps if step.purpose), default=0)


def subject_rows(plan: Plan, level: Level, rows: nw.LazyFrame, people: nw.LazyFrame) -> nw.LazyFrame:
    """Subjects beside their person's insights, with one rank a policy. `rows` has person_id, subject, kind, role."""
    policies = plan.policies_about(level)
    wanted = set(plan.reads(level)) | {"jurisdiction", "do_not_study"}
    own = set(rows.collect_schema().names())
    beside = sorted((wanted - own) & set(people.collect_schema().names()))
    beside_rows = people.select("person_id", *beside, nw.lit(True).alias("is_known"))
    joined_rows = rows.join(beside_rows, on="person_id", how="left")
    joined_rows = _masked_habits(plan, level, joined_rows)
    out = ranked(joined_rows, policies, by_role=level is Level.LOAN)
    bans = plan.ban_columns(level)
    out = out.with_columns(*bans) if bans else out
    ranks = [f"rank__{policy.name}" for policy in policies]
    out = out.select(*KEEP, *(f"ban_when__{i}" for i in range(len(bans))), *ranks, "silence_rank", "is_known")
    # Strangers are left out here, where few columns are copied, and not by an inner join, which copies them all.
    return out.filter(nw.col("is_known")).drop("is_known")


def _masked_habits(plan: Plan, level: Level, rows: nw.LazyFrame) -> nw.LazyFrame:
    read = plan.reads(level)
    habits = [
        it
        for it in plan.asked.order
        if it.level is level and it.habit and it.name in read and level is not Level.PERSON
    ]
    if not habits:
        return rows
    return masked(rows, habits)


def party_rows(loans: nw.LazyFrame, parties: nw.LazyFrame) -> nw.LazyFrame:
    """Loans as subjects: each once for its borrower, and once for each other party who may be told."""
    own = loans.with_columns(
        nw.col("borrower_id").alias("person_id"),
        nw.col("loan_id").alias("subject"),
        nw.lit("borrower").alias("role"),
    )
    columns = own.collect_schema().names()
    now = (nw.col("from_at").is_null() | (nw.col("from_at") <= nw.col("at"))) & (
        nw.col("until_at").is_null() | (nw.col("until_at") > nw.col("at"))
    )
    others = parties.filter(
        nw.col("role").is_in(["co_borrower", "guarantor"]) & (nw.col("may_be_told") != "nothing")
    )
    others = others.select("loan_id", "person_id", "role", "from_at", "until_at")

    beside = others.join(loans, on="loan_id", how="inner").filter(now)
    beside = beside.filter(nw.col("person_id") != nw.col("borrower_id"))
    beside = beside.with_columns(nw.col("role").min().over("person_id", "loan_id").alias("first_role"))
    beside = beside.filter(nw.col("role") == nw.col("first_role")).with_columns(
        nw.col("loan_id").alias("subject")
    )
    return nw.concat([own.select(*columns), beside.select(*columns)])


def _asked(insights: list[Insight]) -> Asked:
    asked = Asked({(it.level, it.name): it for it in insights})
    for it in insights:
        asked.ask(it.level, it.name)
    return asked
