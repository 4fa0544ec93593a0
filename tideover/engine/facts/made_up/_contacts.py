"""The tables `contacts`, `contact_topics` and `responses`: what was sent, when, and what came back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._draws import Draws, Floats, Ints
from tideover.engine.facts.made_up._frames import Rows, coded, frame, gathered, glued, numbered
from tideover.engine.facts.made_up._lending import CURRENT, SECOND, Loans
from tideover.engine.facts.made_up._occasions import ANY_CHANNEL, NOBODY, SORTS, Occasions
from tideover.engine.facts.made_up._people import People
from tideover.engine.facts.made_up._reach import Reach
from tideover.engine.facts.made_up._world import CALL, CHANNELS, EMAIL, LETTER, VISIT

QUEUED, ACCEPTED, REJECTED, IN_DOUBT, SUPPRESSED, REPLACED = range(6)
_STATES = ("queued", "accepted", "rejected", "unknown", "suppressed", "replaced")
_STATE_SHARES = (0.0, 0.955, 0.015, 0.010, 0.012, 0.008)
_OUTCOMES = ("delivered", "bounced", "answered", "no_answer", "voicemail", None)
_DELIVERED, _BOUNCED, _ANSWERED, _NO_ANSWER, _VOICEMAIL, _UNTOLD = range(6)

_WEIGHTS = np.array([0.20, 0.12, 0.22, 0.42, 0.03, 0.0, 0.0])
"""How often each channel is used for messages, where it can be."""
_COSTS = np.array([0, 0, 1, 40, 1_200, 4_000, 9_000])
_SLOTS = (0.14, 0.17, 0.15, 0.14, 0.16, 0.17, 0.07)
"""How contacts spread over the two-hour slots from 8:00 to 22:00."""
_FIRST_SLOT = 4
EVENING_WORKS = np.array([1.0] * 4 + [0.80, 0.80, 0.90, 0.90, 1.05, 1.35, 1.15] + [1.0])
"""By two-hour slot of the local day: how much more people respond."""
FAVOURITE_WORKS = 1.6
TIRED = 0.85
"""Each further contact about one thing is answered so much less: measured, 13.0 % at the first to 4.1 % at the eighth."""


@dataclass(frozen=True)
class Sent:
    """Contacts in order of person, moment and sort."""

    person: Ints
    loan: Ints
    number: Ints
    sort: Ints
    channel: Ints
    send_at: Ints
    slot: Ints
    state: Ints
    answered: Ints
    """Calls: 1 where somebody answered."""
    draws: Draws

    def __len__(self) -> int:
        return len(self.person)


def send(folk: People, loans: Loans, reached: Reach, due: Occasions, cut: int) -> Sent:
    """Give each occasion a channel the person has, an hour, and a fate."""
    draws = folk.draws[due.person].each("contact", due.sort * 100_000 + due.number * 8 + _place(loans, due.loan))
    channel = _channels(reached, due, draws)
    slot = _FIRST_SLOT + draws.choose("slot", _SLOTS)
    minute = slot * 120 + draws.below("minute", 120)
    send_at = clock.moment(folk.zone[due.person], due.day, minute)
    order = np.lexsort((due.loan, due.number, due.sort, send_at, due.person))
    order = order[channel[order] != NOBODY]
    state = np.where(send_at >= cut, QUEUED, draws.choose("state", _STATE_SHARES))
    answered = draws.happens("answers", _chance_to_respond(reached, due, channel, slot))
    columns = (due.person, due.loan, due.number, due.sort, channel, send_at, slot, state, answered.astype(np.int64))
    return Sent(*(column[order] for column in columns), draws=draws[order])


def _place(loans: Loans, loan: Ints) -> Ints:
    return np.where(loan == NOBODY, 7, loans.place[loan])


def _channels(reached: Reach, due: Occasions, draws: Draws) -> Ints:
    """One that works for this person; letters may go by e-mail instead; NOBODY where none does."""
    fixed = np.array([sort.channel for sort in SORTS])[due.sort]
    open_ = reached.open[due.person]
    weights = np.where(open_, _WEIGHTS, 0.0)
    favourite = reached.favourite[due.person]
    rows = np.arange(len(favourite))
    weights[rows, favourite] *= 1.8
    sums = np.cumsum(weights, axis=1)
    drawn = (sums <= (draws.chance("channel") * sums[:, -1])[:, None]).sum(axis=1)
    free = np.where(sums[:, -1] > 0, np.minimum(drawn, len(CHANNELS) - 1), NOBODY)
    wanted = np.where((fixed == LETTER) & ~open_[:, LETTER], EMAIL, fixed)
    held = np.where(open_[rows, np.maximum(wanted, 0)], wanted, NOBODY)
    return np.where(fixed == ANY_CHANNEL, free, held)


def _chance_to_respond(reached: Reach, due: Occasions, channel: Ints, slot: Ints) -> Floats:
    """Higher in the evening and in the favourite channel, lower with each further contact about the same thing."""
    base = np.array([0.42, 0.20, 0.30, 0.20, 0.0, 0.30, 0.55])[channel]
    tired = TIRED ** np.array([sort.rung for sort in SORTS])
    likes = np.where(reached.favourite[due.person] == channel, FAVOURITE_WORKS, 1.0)
    chance: Floats = base * tired[due.sort] * EVENING_WORKS[slot] * likes
    return chance


def _outcomes(sent: Sent) -> Ints:
    spoken = (sent.channel == CALL) | (sent.channel == VISIT)
    cell = sent.draws.cell("outcome")
    by_call = np.where(sent.answered > 0, _ANSWERED, np.where(cell < 1_000, _VOICEMAIL, _NO_ANSWER))
    by_message = np.where(cell < 90, _BOUNCED, np.where(cell < 180, _UNTOLD, _DELIVERED))
    return np.where(sent.state != ACCEPTED, _UNTOLD, np.where(spoken, by_call, by_message))


def contact_ids(folk: People, loans: Loans, sent: Sent) -> pl.Series:
    """contact_id: the person, the sort, the loan and the instalment."""
    place = coded(("0", "1", "2", "p"), np.where(sent.loan == NOBODY, 3, loans.place[sent.loan]))
    return glued(
        "c", gathered(folk.ids, sent.person).str.slice(1), ":", place, numbered(sent.sort, 2), numbered(sent.number, 3)
    )


def contacts(folk: People, loans: Loans, sent: Sent, ids: pl.Series, cut: int, history: bool) -> Rows:
    """The table `contacts`: queued some hours before, then sent."""
    purposes = [sort.purpose for sort in SORTS]
    queued_at = np.minimum(sent.send_at - 3_600 * (5 + sent.draws.below("queued", 14)), cut - 3_600)
    table = frame(
        "contacts",
        contact_id=ids,
        person_id=gathered(folk.ids, sent.person),
        channel=coded(CHANNELS, sent.channel),
        purpose=coded(purposes, sent.sort),
        subject=pl.concat((loans.ids, pl.Series([""]))).gather(np.where(sent.loan == NOBODY, len(loans), sent.loan)),
        send_at=sent.send_at,
        use_by=sent.send_at + 2 * clock.DAY,
        state=coded(_STATES, sent.state),
        outcome=coded(_OUTCOMES, _outcomes(sent)),
        cost=np.where(np.isin(sent.state, (ACCEPTED, IN_DOUBT)), _COSTS[sent.channel], 0),
        recorded_at=np.where(sent.state == QUEUED, queued_at, np.minimum(sent.send_at + 180, cut - 1)),
    )
    if not history:
        return Rows(table)
    queued = table.with_columns(
        pl.lit("queued").alias("state"),
        pl.lit(None, pl.String).alias("outcome"),
        pl.lit(0, pl.Int64).alias("cost"),
        pl.Series(queued_at * 1_000_000).cast(table.schema["recorded_at"]).alias("recorded_at"),
    )
    return Rows(table, (queued.filter(pl.Series(sent.state != QUEUED)),))


def contact_topics(loans: Loans, sent: Sent, ids: pl.Series, table: Rows) -> Rows:
    """The table `contact_topics`: some contacts about the first loan were also about the one beside it."""
    beside = np.full(int(loans.person.max(initial=0)) + 1, NOBODY)
    seconds = np.flatnonzero(loans.place == SECOND)
    beside[loans.person[seconds]] = seconds
    about_first = (sent.loan != NOBODY) & (loans.place[sent.loan] == CURRENT)
    about_first &= loans.person[sent.loan] == sent.person
    second = np.where(about_first, beside[np.minimum(sent.person, len(beside) - 1)], NOBODY)
    fits = (second != NOBODY) & sent.draws.happens("topic", 0.3)
    rows = np.flatnonzero(fits)
    rows = rows[sent.send_at[rows] > clock.moment(loans.zone[second[rows]], loans.disbursed[second[rows]], 1_439)]
    return Rows(
        frame(
            "contact_topics",
            contact_id=gathered(ids, rows),
            loan_id=gathered(loans.ids, second[rows]),
            recorded_at=table.latest["recorded_at"].gather(rows),
        )
    )


