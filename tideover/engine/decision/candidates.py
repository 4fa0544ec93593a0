"""Every step that matches, whether it may be said, and by which channel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce

import narwhals as nw

from tideover.engine.arithmetic import (
    exactly,
    first_of,
    flag,
    holds,
    largest,
    number,
    pick,
    residue,
    smallest,
    unknown,
)
from tideover.engine.decision.backend import Backend
from tideover.engine.decision.limits import CELL, applied, applies, banned_on
from tideover.engine.insight import generated
from tideover.engine.policy.expression import Expression, Parts
from tideover.engine.policy.lists import Lists
from tideover.engine.policy.rules._tables import BanWhen
from tideover.engine.policy.strategy import Policy, Step, Strategy

NEVER_REFUSED = ("duty", "receipt", "answer")
"""Classes that an opt-out or a wished channel does not stop; their consent is asked only where a law says so."""

DUTY = "duty"
FEED = "feed_stale"


def text_of(value: nw.Expr, names: Sequence[str], first: int = 0) -> nw.Expr:
    """The name at a place in a list; NULL outside it."""
    return first_of(
        ((value == at, nw.lit(name)) for at, name in enumerate(names, first)), nw.lit(None).cast(nw.String)
    )


def matched(policy: Policy, parts: Parts) -> nw.Expr:
    """The rank of the first step that matches; negative where that step is silence; NULL where the policy does not apply."""
    rank = first_of(
        (step.when.combine(parts), number(step.rank if step.purpose else -step.rank)) for step in policy.steps
    )
    return pick(policy.applies.combine(parts), rank) if policy.applies else rank


def with_parts(frame: nw.LazyFrame, expressions: Iterable[Expression]) -> tuple[nw.LazyFrame, Parts]:
    """The frame with a column for each different comparison of the expressions, and these columns by their text."""
    makers = {text: make for expression in expressions for text, make in expression.parts.items()}
    named = {text: f"is__{i}" for i, text in enumerate(makers)}
    frame = (
        frame.with_columns(*(make().alias(named[text]) for text, make in makers.items())) if makers else frame
    )
    return frame, {text: nw.col(name) for text, name in named.items()}


def ranked(subjects: nw.LazyFrame, policies: Sequence[Policy], by_role: bool) -> nw.LazyFrame:
    """Subjects with one rank column a policy, and the silence they would end in."""
    subjects, parts = with_parts(subjects, (it for policy in policies for it in policy.expressions))
    columns = []
    for policy in policies:
        rank = matched(policy, parts)
        rank = pick(nw.col("role").is_in(list(policy.roles)), rank) if by_role else rank
        columns.append(rank.alias(f"rank__{policy.name}"))
    subjects = subjects.with_columns(*columns) if columns else subjects
    silences = [pick(nw.col(f"rank__{p.name}") < 0, number(0) - nw.col(f"rank__{p.name}")) for p in policies]
    silence = smallest(*silences) if silences else unknown()
    return subjects.with_columns(silence.alias("silence_rank"))


def unfolded(policies: Sequence[tuple[nw.LazyFrame, Policy]], keep: Sequence[str]) -> nw.LazyFrame:
    """One row a subject and policy whose matching step is a contact; each policy beside the subjects it is about."""
    parts = []
    for subjects, policy in policies:
        rank = nw.col(f"rank__{policy.name}")
        parts.append(subjects.filter(rank > 0).select(*keep, rank.alias("rank")))
    return nw.concat(parts) if len(parts) > 1 else parts[0]


def class_powers(lists: Lists) -> dict[str, int]:
    """The power of the consent digit of each purpose class; `all` is the last digit."""
    return {
        name: generated.CONSENT_BASE**place
        for place, name in enumerate((generated.EVERY_CLASS, *lists.classes))
    }


def steps_table(strategy: Strategy, steps: Sequence[Step], backend: Backend) -> nw.LazyFrame:
    """What a candidate knows of its step, by rank."""
    lists = strategy.lists
    columns: dict[str, Sequence[object]] = {"rank": [step.rank for step in steps]}
    text: dict[str, Sequence[object]] = {
        "policy": [s.policy for s in steps],
        "step": [s.name for s in steps],
        "purpose": [s.purpose for s in steps],
        "purpose_class": [lists.purposes[s.purpose or ""].purpose_class for s in steps],
        "by": [lists.purposes[s.purpose or ""].by for s in steps],
        "because": [s.because for s in steps],
        "lesson": [s.lesson or None for s in steps],
    }
    counts: dict[str, Sequence[object]] = {
        "use_by_days": [s.use_by for s in steps],
        "needs_payments": [int("payments" in lists.purposes[s.purpose or ""].fresh) for s in steps],
        "may_hold_out": [
            int(lists.classes[lists.purposes[s.purpose or ""].purpose_class].held_out == "allowed")
            for s in steps
        ],
    }
    for channel, it in lists.channels.items():
        counts[f"allow__{channel}"] = [
            int(it.by == lists.purposes[s.purpose or ""].by and (not s.channels or channel in s.channels))
            for s in steps
        ]
    powers = class_powers(lists)
    counts["class_power"] = [powers[lists.purposes[s.purpose or ""].purpose_class] for s in steps]
    for tone in ("warm", "plain", "firm"):
        counts[f"tone__{tone}"] = [int(tone in s.tones) for s in steps]
    types = {"rank": nw.Int64, **dict.fromkeys(text, nw.String), **dict.fromkeys(counts, nw.Int64)}
    columns.update(text)
    columns.update(counts)
    return backend.table(columns, types)


def judged(
    candidates: nw.LazyFrame,
    lists: Lists,
    bans: Sequence[BanWhen],
    cell_rows: nw.LazyFrame,
    pause: Callable[[nw.LazyFrame], nw.LazyFrame],
) -> nw.LazyFrame:
    """Candidates with `open__<channel>` flags, `hold`, and `blocked_by`: NULL where the candidate may be said."""
    candidates = pause(candidates.join(cell_rows, on=list(CELL), how="left"))
    classes = list(lists.classes)
    rest = [pick(nw.col("purpose_class") == k, nw.col(f"rests__{k}")) for k in classes]
    loan_rest = [pick(nw.col("purpose_class") == k, nw.col(f"loan_rests__{k}")) for k in classes]
    candidates = candidates.with_columns(
        smallest(*rest, *loan_rest).alias("hold_place"),
        holds((nw.col("needs_payments") == 1) & nw.col("payments_stale")).alias("is_stale"),
        (~nw.col("purpose_class").is_in(list(NEVER_REFUSED))).alias("may_refuse"),
        nw.concat_str(nw.lit(","), nw.col("wished_channels").str.replace_all(r"\s+", ""), nw.lit(",")).alias(
            "wished"
        ),
        *(applies(ban, at).alias(applied(at)) for at, ban in enumerate(bans)),
    )
    candidates = _with_said(candidates, lists)
    closed = {channel: _closed_by(channel, lists, bans) for channel in lists.channels}
    candidates = pause(
        candidates.with_columns(*(why.alias(f"why__{channel}") for channel, why in closed.items()))
    )
    candidates = candidates.with_columns(
        *(
            flag((nw.col(f"allow__{channel}") == 1) & nw.col(f"why__{channel}").is_null()).alias(
                f"open__{channel}"
            )
            for channel in lists.channels
        )
    )
    candidates = candidates.with_columns(_closed_channels(lists).alias("closed_by"))
    return candidates.with_columns(_blocked_by(lists).alias("blocked_by"))


def _with_said(candidates: nw.LazyFrame, lists: Lists) -> nw.LazyFrame:
    """`said__<channel>`: about this channel or all, for the candidate's class or all: 2 refused, 1 granted, 0 nothing."""
    power, said = nw.col("class_power"), [f"said__{c}" for c in (*lists.channels, generated.EVERY_CLASS)]
    codes = {name: nw.col(name.replace("said__", "consents__")) for name in said}
    candidates = candidates.with_columns(*(residue(code, power).alias(name) for name, code in codes.items()))
    candidates = candidates.with_columns(  # the power is never 0
        *(
            residue(exactly(code - nw.col(name), power), generated.CONSENT_BASE).alias(name)
            for name, code in codes.items()
        )
    )
    of_all = [residue(codes[said[-1]], generated.CONSENT_BASE), nw.col(said[-1])]
    return candidates.with_columns(
        *(
            largest(nw.col(name), residue(code, generated.CONSENT_BASE), *of_all).alias(name)
            for name, code in codes.items()
        )
    )


def _closed_by(channel: str, lists: Lists, bans: Sequence[BanWhen]) -> nw.Expr:
    """Why an allowed channel is closed to this candidate; NULL where it is open or not asked for."""
    said, may_refuse = nw.col(f"said__{channel}"), nw.col("may_refuse")
    address = nw.col(f"address__{channel}")
    reasons: list[tuple[nw.Expr, nw.Expr]] = [
        ((address == 0) | address.is_null(), nw.lit("no_address")),
        (~nw.col(f"contract__{channel}").is_null() & (address < 2), nw.col(f"contract__{channel}")),
        (may_refuse & (said == generated.REFUSED), nw.lit("refused")),
        (~nw.col(f"ban__{channel}").is_null(), nw.col(f"ban__{channel}")),
        (~nw.col(f"needs__{channel}").is_null() & (said != generated.GRANTED), nw.col(f"needs__{channel}")),
        (
            may_refuse & holds(~nw.col("wished").str.contains(f",{channel},", literal=True)),
            nw.lit("wished_other_channel"),
        ),
    ]
    if lists.channels[channel].by == "person":
        reasons.append((may_refuse & (nw.col("refuses_calls") == 1), nw.lit("asked_no_calls")))
    elif not lists.channels[channel].private:
        reasons.append((may_refuse & (nw.col("shares_phone") == 1), nw.lit("others_use_phone")))
    why = nw.coalesce(*(pick(condition, code) for condition, code in reasons), banned_on(channel, bans))
    return pick(nw.col(f"allow__{channel}") == 1, why)


def _closed_channels(lists: Lists) -> nw.Expr:
    """What closes each channel: 'code@channel', separated by commas; NULL where one is open."""
    closed = nw.concat_str(
        *(nw.concat_str(nw.col(f"why__{c}"), nw.lit(f"@{c}"), separator="") for c in lists.channels),
        separator=",",
        ignore_nulls=True,
    )
    any_open = reduce(lambda a, c: a + nw.col(f"open__{c}"), lists.channels, number(0)) > 0
    return pick(~any_open, closed)


def _blocked_by(lists: Lists) -> nw.Expr:
    """The hold, the stale feed, or what closes every channel; a duty that nothing can carry goes on, to a person."""
    names = [f"hold_{kind}" for kind in lists.holds]
    return nw.coalesce(
        text_of(nw.col("hold_place"), names),
        pick(nw.col("is_stale"), nw.lit(FEED)),
        pick(nw.col("purpose_class") != DUTY, nw.col("closed_by")),
    )


def arbitrated(candidates: nw.LazyFrame) -> nw.LazyFrame:
    """The one candidate each person gets: the best rank that may be said, of equals the smaller subject."""
    free = candidates.filter(nw.col("blocked_by").is_null())
    free = free.with_columns(nw.col("rank").min().over("person_id").alias("best"))
    free = free.filter(nw.col("rank") == nw.col("best"))
    free = free.with_columns(nw.col("subject").min().over("person_id").alias("first_subject"))
    return free.filter(nw.col("subject") == nw.col("first_subject"))


def stepped_aside(candidates: nw.LazyFrame) -> nw.LazyFrame:
    """Per person the best candidate that may not be said, and what blocks it."""
    blocked = candidates.filter(~nw.col("blocked_by").is_null())
    blocked = blocked.with_columns(nw.col("rank").min().over("person_id").alias("best"))
    blocked = blocked.filter(nw.col("rank") == nw.col("best"))
    return blocked.group_by("person_id").agg(
        nw.col("rank").min().alias("blocked_rank"), nw.col("blocked_by").min().alias("blocked_first")
    )
