"""May this be said to this person, about this, by this channel, now? The limits of a day, asked for given contacts.

The same stages as a decision: holds, consents, bans, addresses, caps, rests, calendars. What differs is who asks: here
the contact is given, by a strategy an hour ago, by an agent, by a receipt, and the answer is when, or what forbids it.
Nothing is left to chance and nobody is held out. Polars only, for it runs where messages leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import narwhals as nw
import polars as pl

from tideover.engine.arithmetic import number
from tideover.engine.decision.flow import Flow, Frames
from tideover.engine.decision.plan import SUBJECT_KEYS, Plan
from tideover.engine.decision.prepared import Prepared
from tideover.engine.decision.stamped import Frames as Tables
from tideover.engine.decision.stamped import Stamped
from tideover.engine.facts.slots import Slot
from tideover.engine.insight import Level
from tideover.engine.policy.expression import parse
from tideover.engine.policy.strategy import Policy, Step

ASKED: dict[str, pl.DataType] = {
    "person_id": pl.String(), "subject": pl.String(), "purpose": pl.String(), "channel": pl.String(), "use_by_days": pl.Int64()
}  # fmt: skip
"""What is asked, one row a person: subject "" is the person herself; channel NULL leaves the channel open."""

ANSWERED = (
    "person_id", "subject", "purpose", "channel", "send_at", "use_by", "forbidden_by", "jurisdiction", "kind"
)  # fmt: skip


@dataclass(frozen=True)
class LimitsOnly(Plan):
    """A plan without a strategy: what the rules of a day ask about people and loans, and nothing else."""

    @property
    def policies(self) -> tuple[Policy, ...]:
        """None: what is said is given."""
        return ()

    @cached_property
    def purposes(self) -> tuple[Step, ...]:
        """Every purpose as a step, ranked by its place in the list."""
        always = parse("True", self.strategy.names.scope(Level.PERSON))
        tones = ("warm", "plain", "firm")
        return tuple(
            Step("gate", purpose, rank, always, "asked", purpose, tones=tones)
            for rank, purpose in enumerate(self.strategy.lists.purposes, 1)
        )


def why_closed(plan: Plan) -> dict[str, str]:
    """The columns that say why a channel is closed, each with its channel."""
    return {f"why__{channel}": channel for channel in plan.strategy.lists.channels}


@dataclass(frozen=True)
class _Asked(Flow):
    """The flow of a decision with the candidates given."""

    asked: nw.LazyFrame = None  # type: ignore[assignment]

    order = (
        "about", "loans", "talks", "answered", "people", *(f"{level}_subjects" for level in SUBJECT_KEYS), "candidates", "best",
        "chosen", "timed",
    )  # fmt: skip

    def _candidates(self, made: Frames) -> nw.LazyFrame:
        stages, plan = self.stages, self.plan
        subjects = nw.concat(
            [made[f"{level}_subjects"].select(*stages.of_subjects) for level in SUBJECT_KEYS]
        )
        asked = self.asked.select("person_id", "subject", "rank")
        rows = subjects.join(asked, on=["person_id", "subject"], how="inner")
        why = why_closed(plan)
        return stages.may_be_said(rows, plan.purposes, made["people"], self.tables, also=list(why))  # type: ignore[attr-defined]

    def _best(self, made: Frames) -> nw.LazyFrame:
        free = made["candidates"].filter(nw.col("blocked_by").is_null())
        wanted = self.asked.select("person_id", "channel", nw.col("use_by_days").alias("asked_days"))
        free = free.join(wanted, on="person_id", how="left")
        closed = {
            channel: ~nw.col("channel").is_null() & (nw.col("channel") != channel)
            for channel in self.plan.strategy.lists.channels
        }
        return free.with_columns(
            *(
                nw.when(shut).then(number(0)).otherwise(nw.col(f"open__{channel}")).alias(f"open__{channel}")
                for channel, shut in closed.items()
            ),
            number(0).alias("may_hold_out"),
            nw.col("asked_days").fill_null(nw.col("use_by_days")).alias("use_by_days"),
        ).drop("channel", "asked_days")


class Gate(Prepared):
    """The limits of one day, ready for any number of contacts."""

    def __init__(self, plan: Plan, *, assumes: tuple[str, ...] = ()) -> None:
        self.slot = Slot({**ASKED, "rank": pl.Int64()})
        limits = LimitsOnly(plan.strategy, plan.rules, plan.published, plan.salt)
        self.ranks = {str(step.purpose): step.rank for step in limits.purposes}
        super().__init__(limits, assumes=assumes)

    def _flow(self, flow: Flow) -> Flow:
        return _Asked(
            flow.plan, flow.backend, flow.rows, flow.stamp, flow.assumes, flow.content_hash, self.slot.lazy()
        )

    @property
    def _asked_closed_by(self) -> pl.Expr:
        """What closes the channel that was asked for: 'code@channel'; NULL where it is open or none was asked for."""
        return pl.coalesce(
            pl.when(pl.col("asked") == channel).then(pl.concat_str(column, pl.lit(f"@{channel}")))
            for column, channel in why_closed(self.plan).items()
        )

    def judge(self, asked: pl.DataFrame, tables: Tables | Stamped, at: int) -> pl.DataFrame:
        """The asked rows with `channel`, `send_at` and `use_by`; or `forbidden_by`: the hold, rule or wish in the way.

        `send_at` later than `at` means: not now, but then. `jurisdiction` and `kind` say by which rules; they are NULL where
        the person or loan is not in the tables, and such a contact is forbidden.
        """
        rank = pl.col("purpose").replace_strict(self.ranks, default=None, return_dtype=pl.Int64)
        with self.lock:
            self.slot.frame = asked.select(*ASKED).with_columns(rank=rank)
            self.compute(tables, at)
            judged, timed = self.made["candidates"].frame, self.made["timed"].frame
        judged = judged.select(
            "person_id", "blocked_by", "closed_by", "jurisdiction", "kind", *why_closed(self.plan)
        )
        timed = timed.select("person_id", "channel", "send_at", "use_by", "expired_by")
        rows = (
            asked.rename({"channel": "asked"})
            .join(judged, on="person_id", how="left")
            .join(timed, on="person_id", how="left")
        )
        # A hold comes first; of a channel that was asked for, what closes it says more than what the others lack.
        held = pl.when(pl.col("blocked_by").ne_missing(pl.col("closed_by"))).then("blocked_by")
        forbidden = pl.coalesce(
            held,
            self._asked_closed_by,
            "blocked_by",
            "expired_by",
            "closed_by",
            pl.lit("no_moment_before_use_by"),
        )
        return rows.with_columns(forbidden_by=pl.when(pl.col("send_at").is_null()).then(forbidden)).select(
            *ANSWERED
        )


def asking(rows: Sequence[tuple[str, str, str, str | None, int | None]]) -> pl.DataFrame:
    """(person, subject, purpose, channel, days of use) as a frame to judge; one row a person."""
    return pl.DataFrame(rows, schema=ASKED, orient="row")
