"""The four stages from facts to rows: insights, candidates, the one contact, and the row each person gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw

from tideover.engine.arithmetic import flag, number, pick, whole
from tideover.engine.decision import candidates as made
from tideover.engine.decision import timing
from tideover.engine.decision.backend import Backend
from tideover.engine.decision.calendar import BETWEEN_ZONES, SLOT_CELLS, WEEKDAY_CELLS, signature_key
from tideover.engine.decision.choice import WHOLE, Stage, lot, with_lots
from tideover.engine.decision.limits import (
    CELL,
    NO_KIND,
    OTHERWISE,
    Caps,
    closing_cells,
    free_by_channel,
    held_back,
    places,
    ruled_place,
    timing_cells,
)
from tideover.engine.decision.plan import KEEP, SUBJECT_KEYS, Plan, party_rows, subject_rows
from tideover.engine.decision.rows import TAKEN
from tideover.engine.decision.subjects import (
    Tables,
    applications_with_insights,
    loans_with_insights,
    people_with_insights,
    with_what_was_told,
)
from tideover.engine.insight import Level, joined, masked
from tideover.engine.policy.strategy import Step

TONES = ("warm", "plain", "firm")
LOTS = ("channel", "slot", "weekday", "minute", "tone")
OF_A_CHANNEL = (
    "open", "free", "cap", "cool", "cool_rule", "window", "earliest", "sent", "answered", "prior__channel", "weight__channel",
    "of__weight__channel",
)  # fmt: skip
"""What is known of each channel, and read no more once one is chosen."""
ZONE_PLACES = (1, 2, 3, 4)
NO_ZONE = "too many zones"
"""Whoever is said to be in more places than we look at is reached in none of their hours."""
OF_CHOSEN = (
    "seed", "at", "today", "utc_offset", "person_key", "last_conversation_at", "in_difficulty", "has_support_need", "do_not_study", "leaf"
)  # fmt: skip


@dataclass(frozen=True)
class Stages:
    """The stages of one plan on one engine."""

    plan: Plan
    backend: Backend

    def loans(self, tables: Tables) -> nw.LazyFrame:
        """Every loan with its insights."""
        return _only(loans_with_insights(tables, self.plan.asked), self.plan.kept_of_loans)

    def people(self, stamped: nw.LazyFrame, loans: nw.LazyFrame, tables: Tables) -> nw.LazyFrame:
        """Every person with her insights, jurisdiction, published shares, and what shapes her calendar."""

        def published(people: nw.LazyFrame) -> nw.LazyFrame:
            return self.plan.published.joined(people, self.backend)

        people = people_with_insights(stamped, loans, tables, self.plan.asked, published)
        people = self._with_jurisdiction(people)
        zone, more = nw.col("timezone"), [nw.col(f"zone_{place}") for place in ZONE_PLACES]
        too_many = pick(nw.col("zones_known") > len(more), nw.lit(NO_ZONE))
        zones = nw.concat_str(
            zone,
            *(pick(other != zone, other) for other in more),
            too_many,
            separator=BETWEEN_ZONES,
            ignore_nulls=True,
        )
        people = people.with_columns(pick(~zone.is_null(), zones).alias("zones"))
        return _only(people.with_columns(signature_key()), self.plan.kept_of_people)

    def _with_jurisdiction(self, people: nw.LazyFrame) -> nw.LazyFrame:
        known = places(self.plan.rules, self.backend)
        by_region = known.select("place", nw.col("jurisdiction").alias("of_region"))
        by_country = known.select("place", nw.col("jurisdiction").alias("of_country"))
        people = people.with_columns(
            *(
                ruled_place(nw.col(name), self.plan.rules).alias(f"{name}_ruled")
                for name in ("region", "country")
            )
        )
        people = people.join(by_region, left_on="region_ruled", right_on="place", how="left")
        people = people.join(by_country, left_on="country_ruled", right_on="place", how="left")
        # A number or address abroad adds its clock to hers, and never takes the law of her own country away.
        home, elsewhere = (nw.col(name).str.slice(0, 2) for name in ("country", "region"))
        of_region = pick(nw.col("country").is_null() | (elsewhere == home), nw.col("of_region"))
        return people.with_columns(
            nw.coalesce(of_region, nw.col("of_country"), nw.lit(OTHERWISE)).alias("jurisdiction")
        )

    def subjects(
        self, level: Level, people: nw.LazyFrame, loans: nw.LazyFrame, tables: Tables
    ) -> nw.LazyFrame:
        """Every subject of a kind that matters to a policy: its ranks, its silence, the bans that hold for it."""
        return subject_rows(self.plan, level, self._rows(level, people, loans, tables), people)

    def _rows(self, level: Level, people: nw.LazyFrame, loans: nw.LazyFrame, tables: Tables) -> nw.LazyFrame:
        if level is Level.LOAN:
            parties = party_rows(loans, tables.rows("parties"))
            return with_what_was_told(parties, tables, self.plan.asked)
        subject = nw.lit("") if level is Level.PERSON else nw.col(SUBJECT_KEYS[level])
        rows = people if level is Level.PERSON else applications_with_insights(tables, self.plan.asked)
        return rows.with_columns(subject.alias("subject"), nw.lit(NO_KIND).alias("kind"))

    def judged(
        self, subjects: Mapping[Level, nw.LazyFrame], people: nw.LazyFrame, tables: Tables
    ) -> nw.LazyFrame:
        """One row a candidate, with what blocks it."""
        plan = self.plan
        rows = made.unfolded(
            [(subjects[policy.subject], policy) for policy in plan.policies], self.of_subjects
        )
        return self.may_be_said(rows, [step for step in plan.steps if step.purpose], people, tables)

    @property
    def of_subjects(self) -> list[str]:
        """What a candidate takes from its subject."""
        return [*KEEP, *(f"ban_when__{i}" for i in range(len(self.plan.rules.bans_when)))]

    def may_be_said(
        self,
        rows: nw.LazyFrame,
        steps: Sequence[Step],
        people: nw.LazyFrame,
        tables: Tables,
        *,
        also: Sequence[str] = (),
    ) -> nw.LazyFrame:
        """Rows of subjects with the rank of a step: what blocks each, and which channels are open to it.

        `also`: columns of the judgement that are kept beside, such as why each channel is closed.
        """
        plan, lists = self.plan, self.plan.strategy.lists
        # The rules of a loan of unknown kind are those that hold for any kind.
        rows = rows.with_columns(nw.col("kind").fill_null(NO_KIND))
        rows = rows.join(
            made.steps_table(plan.strategy, steps, self.backend),
            on="rank",
            how="left",
        )
        wished = ("wished_channels", "refuses_calls", "shares_phone", "payments_stale")
        rows = rows.join(people.select("person_id", *wished), on="person_id", how="left")
        rows = joined(rows, ("person_id",), tables.grouped(plan.of_candidates, Level.PERSON))
        rows = joined(rows, ("subject",), tables.grouped(plan.of_candidates, Level.LOAN))
        cell_rows = closing_cells(plan.rules, list(lists.channels), self.backend)
        rows = made.judged(rows, lists, plan.rules.bans_when, cell_rows, self.backend.pause)
        return rows.select(*self._kept_of_candidates(), *also)

    def _kept_of_candidates(self) -> list[str]:
        names = [
            "person_id",
            "subject",
            "rank",
            *CELL,
            "policy",
            "step",
            "purpose_class",
            "by",
            "because",
            "lesson",
        ]
        names += ["use_by_days", "may_hold_out", "closed_by", "blocked_by"]
        names += [f"open__{channel}" for channel in self.plan.strategy.lists.channels]
        return [*names, *(f"tone__{tone}" for tone in TONES)]

    def chosen(
        self, best: nw.LazyFrame, people: nw.LazyFrame, contacts: nw.LazyFrame, tables: Tables
    ) -> nw.LazyFrame:
        """One row a person with a contact to make: hold-out, channel and the moment before which nothing may leave."""
        plan, channels = self.plan, list(self.plan.strategy.lists.channels)
        caps = Caps.of(plan.rules, self.backend)
        free = free_by_channel(best, held_back(contacts, caps), caps, channels)
        best = best.join(free, on="person_id", how="left")
        best = best.join(timing_cells(plan.rules, channels, self.backend), on=list(CELL), how="left")
        best = best.join(people.select("person_id", *OF_CHOSEN), on="person_id", how="left")
        best = joined(best, ("person_id",), tables.grouped(plan.of_choice, Level.PERSON))
        best = masked(best, plan.of_choice.order)
        best = best.join(plan.published.weights(self.backend), on="leaf", how="left")
        protected = nw.col("in_difficulty") | nw.col("has_support_need")
        by_chance = (nw.col("may_hold_out") == 1) & ~protected
        best = with_lots(best, plan.salt, ["hold-out", "round"], by_day=False)
        best = with_lots(best, plan.salt, LOTS)
        held_out = by_chance & (lot("hold-out") < plan.strategy.hold_out)
        best = best.with_columns(by_chance.alias(timing.CHANCE), held_out.alias("held_out"))
        best = self.backend.pause(timing.with_earliest(best, channels))
        best = timing.with_channel(best, channels, Stage("channel", channels))
        done = {f"{what}__{channel}" for what in OF_A_CHANNEL for channel in channels}
        return best.select(*(name for name in best.collect_schema().names() if name not in done))

    def timed(self, chosen: nw.LazyFrame, days: nw.LazyFrame, slots: nw.LazyFrame) -> nw.LazyFrame:
        """Slot, weekday, tone and moment."""
        pause = self.backend.pause
        chosen = pause(timing.with_ready(chosen, days))
        chosen = pause(timing.with_slot(chosen, Stage("slot", SLOT_CELLS)))
        chosen = pause(timing.with_weekday(chosen, slots, Stage("weekday", WEEKDAY_CELLS)))
        chosen = pause(timing.with_moment(chosen))
        tone = Stage("tone", TONES)
        soft = nw.col("in_difficulty") | nw.col("has_support_need")
        allowed = [nw.col(f"tone__{name}") == 1 for name in TONES]
        is_open = [it & ~soft if name == "firm" else it for name, it in zip(TONES, allowed, strict=True)]
        chosen = tone.masked(chosen, [nw.col(f"prior__tone__{name}") for name in TONES], is_open)
        chosen = tone.chosen(chosen, nw.col(timing.CHANCE))
        chosen = chosen.with_columns(
            nw.col("tone").fill_null("plain"), self._propensity().alias("propensity")
        )
        return chosen.select(*TAKEN, "purpose_class")

    @staticmethod
    def _propensity() -> nw.Expr:
        share = number(WHOLE)
        for stage in ("channel", "slot", "weekday", "tone"):
            share = whole(share * nw.col(f"{stage}_propensity").fill_null(WHOLE), WHOLE)
        return nw.when(share > 0).then(share).otherwise(number(1))

    def topics(self, candidates: nw.LazyFrame, chosen: nw.LazyFrame) -> nw.LazyFrame:
        """What each contact is about: of every subject the best candidate of the contact's class; a duty is told alone.

        A notice that a law orders says what that law lists about its loan. A line in the notice of another loan does not.
        """
        free = candidates.filter(nw.col("blocked_by").is_null(), nw.col("subject") != "")
        picked = chosen.select(
            "person_id",
            nw.col("purpose_class").alias("of_class"),
            nw.col("by").alias("of_by"),
            nw.col("subject").alias("main"),
        )
        free = free.select("person_id", "subject", "rank", "purpose", "purpose_class", "by").join(
            picked, on="person_id", how="inner"
        )
        is_told = (nw.col("purpose_class") != made.DUTY) | (nw.col("subject") == nw.col("main"))
        free = free.filter(nw.col("purpose_class") == nw.col("of_class"), is_told)
        free = free.with_columns(nw.col("rank").min().over("person_id", "subject").alias("best"))
        free = free.filter(nw.col("rank") == nw.col("best"))
        return free.select(
            "person_id",
            "subject",
            nw.col("purpose").alias("occasion"),
            flag(nw.col("subject") == nw.col("main")).alias("is_main"),
        )


def _only(frame: nw.LazyFrame, names: frozenset[str]) -> nw.LazyFrame:
    return frame.select(*(name for name in frame.collect_schema().names() if name in names))
