"""The tables `responses` and `conversations`: what people did with a contact, and talks."""

from __future__ import annotations

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._contacts import ACCEPTED, Sent
from tideover.engine.facts.made_up._draws import Ints, Points
from tideover.engine.facts.made_up._frames import Rows, coded, frame, gathered, glued
from tideover.engine.facts.made_up._lending import CURRENT, Loans
from tideover.engine.facts.made_up._occasions import NOBODY
from tideover.engine.facts.made_up._people import People
from tideover.engine.facts.made_up._reach import Reach
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


def responses(sent: Sent, ids: pl.Series, cut: int) -> Rows:
    """The table `responses`. Mail scanners open and click too, within a minute, and are no people."""
    done = _done(sent)
    row = np.concatenate([rows for rows, _, _ in done])
    kind = np.concatenate([np.full(len(rows), which) for rows, which, _ in done])
    human = np.concatenate([np.full(len(rows), is_human) for rows, _, is_human in done])
    draws = sent.draws[row].each("response", kind + len(_KINDS) * human)
    after = np.where(kind == _ANSWERED, 20, draws.quantile("seconds", _SECONDS) + kind * 45)
    at = sent.send_at[row] + np.where(human == 0, 3 + draws.below("scan", 50) + kind, after)
    order = np.lexsort((at, kind, row))
    order = order[at[order] < cut]
    return Rows(
        frame(
            "responses",
            contact_id=gathered(ids, row[order]),
            kind=coded(_KINDS, kind[order]),
            at=at[order],
            human=pl.Series([False, True, None], dtype=pl.Boolean).gather(human[order]),
            recorded_at=at[order],
        )
    )


def _done(sent: Sent) -> list[tuple[Ints, int, int]]:
    """(contacts, what was done, 1 by a person, 0 by a machine, 2 not known)."""
    out = sent.state == ACCEPTED
    answers = out & (sent.answered > 0)
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


def conversations(folk: People, loans: Loans, reached: Reach, sent: Sent, ids: pl.Series, at: int) -> Rows:
    """The table `conversations`: the calls we made, and those people made themselves."""
    calls = np.flatnonzero((sent.state == ACCEPTED) & np.isin(sent.channel, (CALL, VISIT)))
    told = sent.draws[calls].choose("talk", _OF_OURS)
    ours = _ours(folk, loans, sent, ids, calls, np.where(sent.answered[calls] > 0, told, _NO_ANSWER))
    theirs = _theirs(folk, loans, reached, at)
    both = pl.concat((ours, theirs))
    return Rows(both.sort("person_id", "at", "conversation_id"))


def _ours(folk: People, loans: Loans, sent: Sent, ids: pl.Series, calls: Ints, outcome: Ints) -> pl.DataFrame:
    """Half of the calls that nobody answered are written down."""
    kept = (outcome != _NO_ANSWER) | sent.draws[calls].happens("written down", 0.5)
    calls, outcome = calls[kept], outcome[kept]
    loan_ids = pl.concat((loans.ids, pl.Series([None], dtype=pl.String)))
    return frame(
        "conversations",
        conversation_id=glued("v", gathered(ids, calls)),
        person_id=gathered(folk.ids, sent.person[calls]),
        loan_id=loan_ids.gather(np.where(sent.loan[calls] == NOBODY, len(loans), sent.loan[calls])),
        channel=coded(CHANNELS, sent.channel[calls]),
        at=sent.send_at[calls],
        by="us",
        outcome=coded(TALKS, outcome),
        recorded_at=sent.send_at[calls] + 150,
    )


def _theirs(folk: People, loans: Loans, reached: Reach, at: int) -> pl.DataFrame:
    """One borrower in seven came to us in the last year."""
    first = np.flatnonzero(loans.place == CURRENT)
    loan = first[loans.draws[first].happens("came to us", 0.14)]
    person = loans.person[loan]
    draws = loans.draws[loan].each("their talk", 0)
    since = np.minimum(at - loans.disbursed[loan], 365)
    day = at - 1 - draws.below("day", np.maximum(since, 1))
    when = clock.by_day(draws, "hour", folk.zone[person], day)
    return frame(
        "conversations",
        conversation_id=glued("w", gathered(loans.digits, loan)),
        person_id=gathered(folk.ids, person),
        loan_id=gathered(loans.ids, loan),
        channel=coded(CHANNELS, np.where(reached.open[person, CALL], CALL, EMAIL)),
        at=when,
        by="them",
        outcome=coded(TALKS, draws.choose("their outcome", _OF_THEIRS)),
        recorded_at=when + 240,
    )
