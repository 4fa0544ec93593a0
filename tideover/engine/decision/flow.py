"""The flow from facts to rows: named stages, each a function of the frames made before it.

The same flow runs over a whole book, where a stage is computed and kept, and over slots in memory, where the
plan of each stage was built before the facts were known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import ClassVar

import narwhals as nw

from tideover.engine.decision import candidates, rows
from tideover.engine.decision.backend import Backend
from tideover.engine.decision.calendar import Calendars
from tideover.engine.decision.candidates import class_powers
from tideover.engine.decision.limits import NO_KIND
from tideover.engine.decision.plan import SUBJECT_KEYS, Plan
from tideover.engine.decision.stages import Stages
from tideover.engine.decision.subjects import Rows, Stamped, Tables
from tideover.engine.insight import Level
from tideover.engine.insight.contacts import DAY

Frames = Mapping[str, nw.LazyFrame]
SUBJECTS = "_subjects"


@dataclass(frozen=True)
class Flow:
    """One plan on one engine over one source of rows."""

    plan: Plan
    backend: Backend
    rows: Rows
    stamp: Stamped
    assumes: tuple[str, ...]
    content_hash: str

    order = (
        "about",
        "loans",
        "talks",
        "answered",
        "people",
        *(f"{level}_subjects" for level in SUBJECT_KEYS),
        "silences",
        "candidates",
        "best",
        "chosen",
        "timed",
        "decisions",
        "topics",
        "offers",
    )

    last_read: ClassVar[Mapping[str, str]] = {
        "loans": "loan_subjects",
        **{f"{level}_subjects": "candidates" for level in SUBJECT_KEYS},
        "about": "application_subjects",
        "talks": "chosen",
        "answered": "chosen",
        "best": "chosen",
        "chosen": "timed",
    }
    """After which stage a frame is read no more."""

    def stage(self, name: str) -> Callable[[Frames], nw.LazyFrame]:
        """The stage of that name."""
        if name.endswith(SUBJECTS):
            return partial(self._subjects, Level(name.removesuffix(SUBJECTS)))
        stage: Callable[[Frames], nw.LazyFrame] = getattr(self, f"_{name}")
        return stage

    @cached_property
    def stages(self) -> Stages:
        """What the stages are made of."""
        return Stages(self.plan, self.backend)

    @cached_property
    def tables(self) -> Tables:
        """The recorded rows as insights read them."""
        lists = self.plan.strategy.lists
        kinds: dict[str, list[object]] = {
            "kind": list(lists.holds),
            "place": list(range(len(lists.holds))),
            "covers_loan": [int(hold.covers == "loan") for hold in lists.holds.values()],
        }
        for k in lists.classes:
            kinds[f"kind_rests__{k}"] = [int(k not in hold.passes) for hold in lists.holds.values()]
        powers = class_powers(lists)
        return Tables(
            self.rows,
            self.stamp,
            self.plan.reminders,
            self.plan.told,
            self.backend.table(kinds, {name: nw.String if name == "kind" else nw.Int64 for name in kinds}),
            self.backend.table(
                {"purpose_class": list(powers), "class_power": list(powers.values())},
                {"purpose_class": nw.String, "class_power": nw.Int64},
            ),
            self.backend.reduce,
        )

    def calendars(self, needed: Iterable[tuple[str, int]]) -> dict[str, nw.LazyFrame]:
        """The calendar tables for the signatures and local days that occur."""
        made = Calendars(self.plan.rules.windows, needed)
        return {"days": made.days(self.backend), "slots": made.slots(self.backend)}

    def _with_shared(self, made: Frames) -> Tables:
        shared = {name: made[name] for name in ("about", "talks", "answered") if name in made}
        return replace(self.tables, shared=shared)

    def _about(self, _: Frames) -> nw.LazyFrame:
        return self.tables.shared_totals("about", (self.plan.asked,))

    def _loans(self, _: Frames) -> nw.LazyFrame:
        return self.stages.loans(self.tables)

    def _talks(self, _: Frames) -> nw.LazyFrame:
        return self.tables.shared_totals("talks", (self.plan.asked, self.plan.of_choice))

    def _answered(self, _: Frames) -> nw.LazyFrame:
        return self.tables.shared_totals("answered", (self.plan.asked, self.plan.of_choice))

    def _people(self, made: Frames) -> nw.LazyFrame:
        return self.stages.people(made["stamped"], made["loans"], self._with_shared(made))

    def _subjects(self, level: Level, made: Frames) -> nw.LazyFrame:
        return self.stages.subjects(level, made["people"], made["loans"], self._with_shared(made))

    def _silences(self, made: Frames) -> nw.LazyFrame:
        subjects = [made[f"{level}_subjects"] for level in SUBJECT_KEYS]
        return rows.silence_rows(subjects, self.plan, self.backend)

    def _candidates(self, made: Frames) -> nw.LazyFrame:
        subjects = {level: made[f"{level}_subjects"] for level in SUBJECT_KEYS}
        return self.stages.judged(subjects, made["people"], self.tables)

    def _best(self, made: Frames) -> nw.LazyFrame:
        return candidates.arbitrated(made["candidates"])

    def _chosen(self, made: Frames) -> nw.LazyFrame:
        best = made["best"]
        return self.stages.chosen(best, made["people"], self._capped(best), self._with_shared(made))

    def _capped(self, best: nw.LazyFrame) -> nw.LazyFrame:
        """Contacts that caps count, of whoever has something to be told: one row a subject, with what decides which caps."""
        longest = max((cap["period_seconds"] for cap in self.plan.rules.caps), default=DAY)
        recent = self.tables.counted_contacts().filter(nw.col("send_at") > nw.col("at") - longest)
        recent = self.backend.reduce(recent)
        recent = recent.drop("today", "utc_offset")
        recent = recent.join(best.select("person_id", "jurisdiction"), on="person_id", how="inner")
        contacts = self.tables.by_subject(recent)
        kinds = self.rows("loans").select(nw.col("loan_id").alias("subject"), "kind")
        contacts = contacts.join(kinds, on="subject", how="left")
        return contacts.with_columns(nw.col("kind").fill_null(NO_KIND), nw.col("subject").fill_null(""))

    def _timed(self, made: Frames) -> nw.LazyFrame:
        return self.stages.timed(made["chosen"], made["days"], made["slots"])

    def _decisions(self, made: Frames) -> nw.LazyFrame:
        aside = candidates.stepped_aside(made["candidates"])
        return rows.decision_rows(
            self.plan,
            made["people"],
            made["silences"],
            made["timed"],
            aside,
            self.assumes,
            self.content_hash,
            self.backend,
        )

    def _topics(self, made: Frames) -> nw.LazyFrame:
        topics = self.stages.topics(made["candidates"], made["timed"])
        topics = topics.join(_spoken(made), on="person_id", how="inner")
        return topics.select("decision_id", "subject", "occasion", "is_main")

    def _offers(self, made: Frames) -> nw.LazyFrame:
        offers = rows.offers_rows(made["timed"], self.plan, self.backend).join(
            _spoken(made), on="person_id", how="inner"
        )
        return offers.select("decision_id", "offer", "place")


def _spoken(made: Frames) -> nw.LazyFrame:
    spoken = made["decisions"].filter(nw.col("treatment") != "none")
    return spoken.select("decision_id", nw.col("borrower_id").alias("person_id"))
