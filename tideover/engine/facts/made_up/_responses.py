"""The tables `responses` and `conversations`: what people did with a contact, and talks."""

from __future__ import annotations

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._contacts import ACCEPTED, Sent
from tideover.engine.facts.made_up._draws import Ints, Points
from tideover.engine.facts.made_up._frames import Rows, coded, frame, gathered, glued
from tideover.engine.facts.made_up._scene import Scene
from tideover.engine.facts.made_up._world import APP, CALL, CHANNELS, EMAIL, PUSH, SMS, VISIT

_KINDS = ("opened", "clicked", "replied", "answered", "acted")
_OPENED, _CLICKED, _REPLIED, _ANSWERED, _ACTED = range(5)
_SECONDS: Points = ((0.0, 40), (0.3, 300), (0.6, 2_400), (0.85, 14_000), (1.0, 60_000))
"""Seconds from a message to what a person does with it."""

TALKS = (
    "talked", "promised", "paid", "plan_agreed", "asked_for_help", "disputed",
    "complained", "call_back", "refused", "wrong_person", "no_answer",
)  # fmt: skip
_NO_ANSWER = TALKS.index("no_answer")
_OF_OURS = (0.33, 0.24, 0.07, 0.06, 0.12, 0.02, 0.02, 0.06, 0.07, 0.01, 0.0)
_OF_THEIRS = (0.45, 0.08, 0.10, 0.04, 0.18, 0.04, 0.05, 0.06, 0.0, 0.0, 0.0)


def responses(scene: Scene, sent: Sent) -> Rows:
    """The table `responses`. Mail scanners open and click too, within a minute, and are no people."""
    done = _done(sent)
    row = np.concatenate([rows for rows, _, _ in done])
    kind = np.concatenate([np.full(len(rows), which) for rows, which, _ in done])
    human = np.concatenate([np.full(len(rows), is_human) for rows, _, is_human in done])
    draws = sent.draws[row].each("response", kind + len(_KINDS) * human)
    after = np.where(kind == _ANSWERED, 20, draws.quantile("seconds", _SECONDS) + kind * 45)
    at = sent.send_at[row] + np.where(human == 0, 3 + draws.below("scan", 50) + kind, after)
    order = np.lexsort((at, kind, row))
    order = order[at[order] < scene.cut]
    return Rows(
        frame(
            "responses",
            contact_id=gathered(sent.ids, row[order]),
            kind=coded(_KINDS, kind[order]),
            at=at[order],
            human=pl.Series([False, True, None], dtype=pl.Boolean).gather(human[order]),
            recorded_at=at[order],
        )
    )


def _done(sent: Sent) -> list[tuple[Ints, int, int]]:
    """(contacts, what was done, 1 by a person, 0 by a machine, 2 not known)."""
    out = sent.state == ACCEPTED
    answers = out & sent.is_answered
    spoken = (sent.channel == CALL) | (sent.channel == VISIT)
    read = answers & np.isin(sent.channel, (APP, PUSH, EMAIL))
    clicks = read & sent.draws.happens("clicks", 0.34)
    replies = answers & np.isin(sent.channel, (SMS, EMAIL)) & sent.draws.happens("replies", 0.14)
    acts = answers & ~spoken & sent.draws.happens("acts", 0.22)
    scanned = out & (sent.channel == EMAIL) & sent.draws.happens("scanned", 0.05)
    unsure = read & (sent.channel == PUSH) & sent.draws.happens("unsure", 0.3)
    return [
        (np.flatnonzero(read & ~unsure), _OPENED, 1),
        (np.flatnonzero(unsure), _OPENED, 2),
        (np.flatnonzero(scanned), _OPENED, 0),
        (np.flatnonzero(scanned & sent.draws.happens("scan clicks", 0.4)), _CLICKED, 0),
        (np.flatnonzero(clicks), _CLICKED, 1),
        (np.flatnonzero(replies), _REPLIED, 1),
        (np.flatnonzero(answers & spoken), _ANSWERED, 1),
        (np.flatnonzero(acts), _ACTED, 1),
    ]


def conversations(scene: Scene, sent: Sent) -> Rows:
    """The table `conversations`: the calls we made, and those people made themselves."""
    both = pl.concat((_ours(scene, sent), _theirs(scene)))
    return Rows(both.sort("person_id", "at", "conversation_id"))


def _ours(scene: Scene, sent: Sent) -> pl.DataFrame:
    """Half of the calls that nobody answered are written down."""
    calls = np.flatnonzero((sent.state == ACCEPTED) & np.isin(sent.channel, (CALL, VISIT)))
    calls = calls[sent.is_answered[calls] | sent.draws[calls].happens("written down", 0.5)]
    told = sent.draws[calls].choose("talk", _OF_OURS)
    return frame(
        "conversations",
        conversation_id=glued("v", gathered(sent.ids, calls)),
        person_id=gathered(scene.folk.ids, sent.about.person[calls]),
        loan_id=gathered(scene.loans.ids, sent.about.loan[calls]),
        channel=coded(CHANNELS, sent.channel[calls]),
        at=sent.send_at[calls],
        by="us",
        outcome=coded(TALKS, np.where(sent.is_answered[calls], told, _NO_ANSWER)),
        recorded_at=np.minimum(sent.send_at[calls] + 150, scene.cut - 1),
    )


def _theirs(scene: Scene) -> pl.DataFrame:
    """One borrower in seven came to us in the last year."""
    loans, first = scene.loans, scene.first_loans
    loan = first[loans.draws[first].happens("came to us", 0.14)]
    person = loans.person[loan]
    draws = loans.draws[loan].each("their talk", 0)
    since = np.minimum(scene.at - loans.disbursed[loan], 365)
    day = scene.at - 1 - draws.below("day", np.maximum(since, 1))
    when = clock.by_day(draws, "hour", scene.folk.zone[person], day)
    return frame(
        "conversations",
        conversation_id=glued("w", gathered(loans.digits, loan)),
        person_id=gathered(scene.folk.ids, person),
        loan_id=gathered(loans.ids, loan),
        channel=coded(CHANNELS, np.where(scene.reached.open[person, CALL], CALL, EMAIL)),
        at=when,
        by="them",
        outcome=coded(TALKS, draws.choose("their outcome", _OF_THEIRS)),
        recorded_at=when + 240,
    )
