"""The tables `milestones`, `interests`, `lessons_done` and `survey_answers`."""

from __future__ import annotations

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._draws import Draws, Flags, Ints
from tideover.engine.facts.made_up._frames import Rows, coded, frame, gathered, glued
from tideover.engine.facts.made_up._people import People
from tideover.engine.facts.made_up._scene import Scene
from tideover.engine.facts.made_up._world import PRODUCTS

_STEPS = (
    ("started", -10, 0.7), ("received", -8, 1.0), ("documents_missing", -6, 0.25), ("document_received", -4, 0.6),
    ("under_review", -3, 0.9), ("approved", -1, 1.0), ("disbursed", 0, 1.0), ("declined", -1, 1.0),
    ("withdrawn", -2, 1.0),
)  # fmt: skip
"""(step, days from the money being paid out, share of applications that have it)"""
_APPROVED, _DISBURSED, _DECLINED, _WITHDRAWN = 5, 6, 7, 8
_PRODUCTS = tuple(name for names in PRODUCTS for name in names)
_LESSONS = (
    "paying_on_time",
    "credit_record",
    "safe_messages",
    "borrowing_responsibly",
    "when_money_is_short",
    "budget",
)
_SURVEYS = ("satisfaction", "effort", "recommend")
_SCORES = ((0.0, 0), (0.12, 3), (0.3, 6), (0.6, 8), (1.0, 10))
_KEPT_DAYS = 120
"""Days for which the steps to a loan are kept."""


def milestones(scene: Scene) -> Rows:
    """The table `milestones`: the way to recent loans, and applications on their way or declined now."""
    return Rows(pl.concat((_steps_of_loans(scene), _steps_of_askers(scene))).sort("application_id", "at"))


def _steps_of_loans(scene: Scene) -> pl.DataFrame:
    loans = scene.loans
    recent = np.flatnonzero(loans.disbursed >= scene.at - _KEPT_DAYS)
    draws = loans.draws[recent]
    has = np.stack([draws.happens(step, share) for step, _, share in _STEPS[: _DISBURSED + 1]], axis=1)
    row, step = np.nonzero(has)
    loan = recent[row]
    return _steps(
        glued("q", gathered(loans.digits, loan)),
        gathered(scene.folk.ids, loans.person[loan]),
        loans.product_place[loan],
        step,
        clock.moment(loans.zone[loan], loans.disbursed[loan] + _days()[step], 10 * 60 + 7 * step),
    )


def _days() -> Ints:
    return np.array([days for _, days, _ in _STEPS])


def _steps_of_askers(scene: Scene) -> pl.DataFrame:
    """Every stage of waiting; a quarter hear no within the last weeks, and some give up."""
    folk, at = scene.folk, scene.at
    asking = np.flatnonzero((folk.part == 0) & folk.draws.happens("applies", 0.04))
    draws = folk.draws[asking].each("application", 0)
    fate = draws.choose("fate", (0.68, 0.24, 0.08))
    begun = at - 1 - draws.below("begun", 40)
    ends = np.array([_APPROVED, _DECLINED, _WITHDRAWN])[fate]
    has = np.stack([draws.happens(step, share) for step, _, share in _STEPS], axis=1)
    has[:, _APPROVED:] = False
    has[np.arange(len(asking)), ends] = True
    row, step = np.nonzero(has)
    # Waiting is slower than the way to a loan that was paid out: each day there is two here.
    day = begun[row] + (_days()[step] + 10) * 2
    known = day < at
    row, step, day = row[known], step[known], day[known]
    return _steps(
        glued("q", gathered(folk.ids, asking[row]).str.slice(1), "-n"),
        gathered(folk.ids, asking[row]),
        draws.below("product", len(_PRODUCTS))[row],
        step,
        clock.moment(folk.zone[asking[row]], day, 10 * 60 + 7 * step),
    )


def _steps(ids: pl.Series, people: pl.Series, product: Ints, step: Ints, at: Ints) -> pl.DataFrame:
    return frame(
        "milestones",
        application_id=ids,
        person_id=people,
        product=coded(_PRODUCTS, product),
        step=coded([name for name, _, _ in _STEPS], step),
        at=at,
        recorded_at=at,
    )


def _times(folk: People, who: Flags, what: str, most: int) -> tuple[Ints, Ints, Draws]:
    """Each of these people one to `most` times: rows, which time, draws."""
    some = np.flatnonzero(who)
    rows = np.repeat(some, 1 + folk.draws[some].below(what, most))
    turn = np.arange(len(rows)) - np.searchsorted(rows, rows)
    return rows, turn, folk.draws[rows].each(what, turn)


def _when(scene: Scene, rows: Ints, draws: Draws, turn: Ints, within: int) -> Ints:
    """A moment since the person joined, on days that differ from time to time."""
    since = np.clip(scene.at - scene.joined.day[rows] - 12, 1, within)
    return clock.by_day(
        draws, "at", scene.folk.zone[rows], scene.at - 1 - draws.below("day", since) - turn * 3
    )


def interests(scene: Scene) -> Rows:
    """The table `interests`: only of people who allow offers."""
    folk = scene.folk
    rows, turn, draws = _times(
        folk, scene.reached.allows_offers & folk.draws.happens("looks", 0.3), "interest", 3
    )
    when = _when(scene, rows, draws, turn, 120)
    favourite = folk.draws.below("wants", len(_PRODUCTS))[rows]
    product = np.where(draws.happens("same", 0.7), favourite, draws.below("other", len(_PRODUCTS)))
    table = frame(
        "interests",
        person_id=gathered(folk.ids, rows),
        product=coded(_PRODUCTS, product),
        kind=coded(("viewed", "searched", "asked", "bought"), draws.choose("kind", (0.6, 0.25, 0.1, 0.05))),
        at=when,
        recorded_at=when,
    )
    return Rows(table)


def lessons_done(scene: Scene) -> Rows:
    """The table `lessons_done`."""
    folk = scene.folk
    rows, turn, draws = _times(folk, (folk.part == 0) & folk.draws.happens("learns", 0.12), "lesson", 2)
    when = _when(scene, rows, draws, turn, 300)
    table = frame(
        "lessons_done",
        person_id=gathered(folk.ids, rows),
        what=coded(_LESSONS, (folk.draws.below("first lesson", len(_LESSONS))[rows] + turn) % len(_LESSONS)),
        at=when,
        score=draws.choose("score", (0.05, 0.15, 0.3, 0.3, 0.2)) * 25,
        recorded_at=when,
    )
    return Rows(table)


def survey_answers(scene: Scene) -> Rows:
    """The table `survey_answers`: 0 to 10."""
    folk = scene.folk
    rows, turn, draws = _times(
        folk, (folk.part == 0) & folk.draws.happens("answers survey", 0.09), "survey", 2
    )
    when = _when(scene, rows, draws, turn, 300)
    table = frame(
        "survey_answers",
        person_id=gathered(folk.ids, rows),
        what=coded(_SURVEYS, turn + (draws.cell("what") > 2_600)),
        at=when,
        score=draws.quantile("score", _SCORES),
        recorded_at=when,
    )
    return Rows(table)
