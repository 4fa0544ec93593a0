"""The tables `holds`, `complaints` and `visits`: life events, disputes, and people at the door."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._contacts import ACCEPTED, QUEUED, Sent
from tideover.engine.facts.made_up._draws import Draws, Ints
from tideover.engine.facts.made_up._frames import UNKNOWN, Rows, coded, frame, gathered, glued, numbered
from tideover.engine.facts.made_up._lateness import Lateness
from tideover.engine.facts.made_up._lending import CURRENT, Dues, Loans
from tideover.engine.facts.made_up._people import EXECUTOR, FAR, People
from tideover.engine.facts.made_up._world import COUNTRIES, MICROFINANCE, VISIT

KINDS = (
    "bereavement", "minor", "identity_theft", "abuse", "wrong_number", "represented", "insolvency", "capacity",
    "dispute", "complaint", "disaster", "hardship", "time_barred", "already_paid", "asked_for_quiet",
)  # fmt: skip
(
    BEREAVEMENT, MINOR, IDENTITY_THEFT, ABUSE, WRONG_NUMBER, REPRESENTED, INSOLVENCY, CAPACITY,
    DISPUTE, COMPLAINT, DISASTER, HARDSHIP, TIME_BARRED, ALREADY_PAID, ASKED_FOR_QUIET,
) = range(len(KINDS))  # fmt: skip

_NOBODY = -1
_RARE = (
    (BEREAVEMENT, 0.0012), (MINOR, 0.0002), (IDENTITY_THEFT, 0.0009), (ABUSE, 0.0005), (WRONG_NUMBER, 0.0030),
    (REPRESENTED, 0.0016), (INSOLVENCY, 0.0022), (CAPACITY, 0.0006), (DISPUTE, 0.0045), (ASKED_FOR_QUIET, 0.0040),
)  # fmt: skip
"""Shares of all people, within a year."""
_ABOUT_A_LOAN = (INSOLVENCY, DISPUTE, TIME_BARRED, ALREADY_PAID)
_LASTS = (60, 400)
"""Days a hold lasts: at least, and at most when it ends at all."""
_FLOODED = ("BD", 2, 24, 0.30)
"""One region was under water some days ago: country, region, days, share of people touched."""

_THEMES = ("fees", "wrong_amount", "tone", "too_many_contacts", "app", "waiting", "payment_missing", "terms")


@dataclass(frozen=True)
class _Held:
    """Holds of one kind: who, which loan (or nobody's), from which day, until which day."""

    kind: int
    person: Ints
    loan: Ints
    day: Ints
    until: Ints


def holds(folk: People, loans: Loans, dues: Dues, late: Lateness, at: int, history: bool) -> Rows:
    """The table `holds`."""
    found = [*_rare(folk, loans, at), *_hard(folk, at), *_from_lateness(late), *_barred(loans, dues, at)]
    found += [_flood(folk, at), _mourned(folk, at), _complained(folk, at)]
    kind = np.concatenate([np.full(len(it.person), it.kind) for it in found])
    person, loan, day, until = (
        np.concatenate([getattr(it, name) for it in found]) for name in ("person", "loan", "day", "until")
    )
    kept = day < at
    order = np.lexsort((loan, day, kind, person))
    order = order[kept[order]]
    kind, person, loan, day, until = kind[order], person[order], loan[order], day[order], until[order]
    # Where one person would have the same hold twice, the first stands.
    fresh = np.ones(len(kind), dtype=bool)
    fresh[1:] = (kind[1:] != kind[:-1]) | (person[1:] != person[:-1])
    return _table(folk, loans, kind[fresh], person[fresh], loan[fresh], day[fresh], until[fresh], at, history)


def _table(
    folk: People, loans: Loans, kind: Ints, person: Ints, loan: Ints, day: Ints, until: Ints, at: int, history: bool
) -> Rows:
    draws = folk.draws[person].each("hold", kind)
    from_at = clock.by_day(draws, "from", folk.zone[person], day)
    until_at = clock.by_day(draws, "until", folk.zone[person], np.where(until < at, until, UNKNOWN))
    loan_ids = pl.concat((loans.ids, pl.Series([None], dtype=pl.String)))
    table = frame(
        "holds",
        hold_id=glued("h", gathered(folk.ids, person).str.slice(1), ":", numbered(kind, 2)),
        person_id=gathered(folk.ids, person),
        loan_id=loan_ids.gather(np.where(loan == _NOBODY, len(loans), loan)),
        kind=coded(KINDS, kind),
        from_at=from_at,
        until_at=until_at,
        recorded_at=np.maximum(from_at, until_at),
    )
    if not history:
        return Rows(table)
    ended = table.filter(pl.col("until_at").is_not_null())
    blank = pl.lit(None, table.schema["until_at"]).alias("until_at")
    return Rows(table, (ended.with_columns(blank, pl.col("from_at").alias("recorded_at")),))


def _lasting(draws: Draws, what: str, day: Ints, ends: float = 0.55) -> Ints:
    """Day on which the hold ends, far away where it does not."""
    first, last = _LASTS
    length = first // 4 + draws.below(what + " days", last - first // 4)
    return np.where(draws.happens(what + " ends", ends), day + length, day + FAR)


def _rare(folk: People, loans: Loans, at: int) -> Iterator[_Held]:
    first = np.flatnonzero(loans.place == CURRENT)
    own = np.full(len(folk), _NOBODY)
    own[loans.person[first]] = first
    for kind, share in _RARE:
        some = np.flatnonzero((folk.part == 0) & folk.draws.happens(f"hold {kind}", share))
        since = np.minimum(at - loans.disbursed[own[some]], 360)
        day = at - 1 - folk.draws[some].below(f"hold day {kind}", np.maximum(since, 1))
        loan = own[some] if kind in _ABOUT_A_LOAN else np.full(len(some), _NOBODY)
        yield _Held(kind, some, loan, day, _lasting(folk.draws[some], f"hold {kind}", day))


def _hard(folk: People, at: int) -> Iterator[_Held]:
    """Some of those in a hard stretch told us; the hold ends with the stretch."""
    some = np.flatnonzero((folk.part == 0) & (folk.hard_from < at) & folk.draws.happens("told hardship", 0.5))
    day = folk.hard_from[some] + 12
    yield _Held(HARDSHIP, some, np.full(len(some), _NOBODY), day, np.maximum(folk.hard_until[some], day + 30))


def _from_lateness(late: Lateness) -> Iterator[_Held]:
    for kind, after, share in ((HARDSHIP, 25, 0.05), (ALREADY_PAID, 2, 0.012)):
        some = np.flatnonzero((late.days > after) & late.draws.happens(f"hold {kind}", share))
        day = late.due[some] + after
        until = np.where(late.is_paid[some], late.until[some] + 2, day + (7 if kind == ALREADY_PAID else 180))
        loan = late.loan[some] if kind == ALREADY_PAID else np.full(len(some), _NOBODY)
        yield _Held(kind, late.person[some], loan, day, np.maximum(until, day + 1))


def _barred(loans: Loans, dues: Dues, at: int) -> Iterator[_Held]:
    """Loans given up so long ago that they may no longer be claimed."""
    old = np.flatnonzero((loans.stops < loans.length) & (dues.first[1:] > dues.first[:-1]))
    barred = dues.due[dues.first[1:][old] - 1] + 365 * 6
    old, barred = old[barred < at], barred[barred < at]
    yield _Held(TIME_BARRED, loans.person[old], old, barred, barred + FAR)


def _flood(folk: People, at: int) -> _Held:
    country, region, days, share = _FLOODED
    here = (folk.country == [land.code for land in COUNTRIES].index(country)) & (folk.region == region)
    some = np.flatnonzero(here & folk.draws.happens("flooded", share))
    day = np.full(len(some), at - days)
    return _Held(DISASTER, some, np.full(len(some), _NOBODY), day, day + FAR)


def _mourned(folk: People, at: int) -> _Held:
    """Whoever has an executor has died; whoever has a representative is spoken for."""
    executors = np.flatnonzero(folk.role == EXECUTOR)
    dead = executors - folk.part[executors]
    day = at - 5 - folk.draws[dead].below("died", 60)
    return _Held(BEREAVEMENT, dead, np.full(len(dead), _NOBODY), day, day + FAR)


def _complained(folk: People, at: int) -> _Held:
    some, day, closed = complaining(folk, at)
    still = np.minimum(closed, at + FAR)
    return _Held(COMPLAINT, some, np.full(len(some), _NOBODY), day, still)


def complaining(folk: People, at: int) -> tuple[Ints, Ints, Ints]:
    """Who complained, on which day, and on which day it was closed (far away while it is open)."""
    some = np.flatnonzero((folk.part == 0) & folk.draws.happens("complains", 0.012))
    day = at - 1 - folk.draws[some].quantile("complained", ((0.0, 0), (0.4, 30), (1.0, 360)))
    closed = day + 3 + folk.draws[some].below("closed after", 45)
    open_ = folk.draws[some].happens("stays open", 0.06)
    return some, day, np.where(open_, day + FAR, closed)


def complaints(folk: People, loans: Loans, at: int, history: bool) -> Rows:
    """The table `complaints`."""
    person, day, closed = complaining(folk, at)
    draws = folk.draws[person].each("complaint", 0)
    first = np.flatnonzero(loans.place == CURRENT)
    loan = first[np.searchsorted(loans.person[first], person)]
    made = clock.by_day(draws, "at", folk.zone[person], day)
    closed_at = clock.by_day(draws, "closed", folk.zone[person], np.where(closed < at, closed, UNKNOWN))
    table = frame(
        "complaints",
        complaint_id=glued("g", gathered(folk.ids, person).str.slice(1)),
        person_id=gathered(folk.ids, person),
        loan_id=pl.Series(np.where(loans.disbursed[loan] <= day, 1, 0)).cast(pl.Boolean).to_frame("known").select(
            pl.when("known").then(pl.lit(gathered(loans.ids, loan))).alias("loan_id")
        ).to_series(),
        what=coded(_THEMES, draws.below("what", len(_THEMES))),
        at=made,
        state=coded(("closed", "open"), np.where(closed_at == UNKNOWN, 1, 0)),
        closed_at=closed_at,
        recorded_at=np.maximum(made, closed_at),
    )
    if not history:
        return Rows(table)
    ended = table.filter(pl.col("closed_at").is_not_null()).with_columns(
        pl.lit("open").alias("state"),
        pl.lit(None, table.schema["closed_at"]).alias("closed_at"),
        pl.col("at").alias("recorded_at"),
    )
    return Rows(table, (ended,))


def visits(folk: People, loans: Loans, sent: Sent, ids: pl.Series, at: int, history: bool) -> Rows:
    """The table `visits`: those behind contacts, and the rounds of field officers to groups."""
    asked = np.flatnonzero((sent.channel == VISIT) & np.isin(sent.state, (ACCEPTED, QUEUED)))
    rounds = np.flatnonzero(loans.is_kind(MICROFINANCE) & (loans.place == CURRENT) & loans.draws.happens("round", 0.08))
    person = np.concatenate((sent.person[asked], loans.person[rounds]))
    loan = np.concatenate((sent.loan[asked], rounds))
    draws = folk.draws[person].each("visit", loans.place[loan])
    day = np.maximum(at + 3 - draws.below("day", 90), loans.disbursed[loan] + 1)
    when = np.concatenate((sent.send_at[asked], clock.by_day(draws, "at", folk.zone[person], day)[len(asked):]))
    done = when < at * clock.DAY
    state = np.where(done, draws.choose("done", (0.8, 0.2)), 2)
    outcome = np.where(state == 0, draws.choose("found", (0.45, 0.25, 0.2, 0.1)), 4)
    visit_ids = pl.concat((glued("u", gathered(ids, asked)), glued("u", gathered(loans.digits, rounds))))
    planned = np.minimum(when - 30 * 3_600, at * clock.DAY - 3_600)
    table = frame(
        "visits",
        visit_id=visit_ids,
        person_id=gathered(folk.ids, person),
        loan_id=gathered(loans.ids, loan),
        at=when,
        state=coded(("done", "missed", "planned"), state),
        outcome=coded(("talked", "paid", "plan_agreed", "asked_for_help", None), outcome),
        recorded_at=np.where(done, when, planned),
    )
    before = table.with_columns(
        pl.lit("planned").alias("state"),
        pl.lit(None, pl.String).alias("outcome"),
        pl.Series(planned * 1_000_000).cast(table.schema["recorded_at"]).alias("recorded_at"),
    ).filter(pl.Series(done))
    return Rows(table.sort("visit_id"), (before.sort("visit_id"),) if history else ())

