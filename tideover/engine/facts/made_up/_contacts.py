"""The tables `contacts`, `contact_topics` and `responses`: what was sent, when, and what came back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tideover.engine.facts.made_up import _clock as clock
from tideover.engine.facts.made_up._draws import Draws, Flags, Floats, Ints
from tideover.engine.facts.made_up._frames import (
    Rows,
    changing,
    coded,
    frame,
    gathered,
    glued,
    moments,
    numbered,
)
from tideover.engine.facts.made_up._lending import CURRENT, SECOND
from tideover.engine.facts.made_up._occasions import ANY_CHANNEL, NOBODY, SORTS, Occasions, occasions
from tideover.engine.facts.made_up._reach import Reach
from tideover.engine.facts.made_up._scene import Scene
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
"""Each further contact about one thing is answered so much less: measured, 13.0 % at the first, 4.1 % at the eighth."""


@dataclass(frozen=True)
class Sent:
    """Contacts in order of person, moment and sort."""

    about: Occasions
    channel: Ints
    send_at: Ints
    state: Ints
    is_answered: Flags
    """Somebody read, replied or picked up."""
    draws: Draws
    ids: pl.Series
    """contact_id."""

    def __len__(self) -> int:
        return len(self.channel)


def send(scene: Scene) -> Sent:
    """Give each occasion a channel the person has, an hour, and a fate."""
    about = occasions(scene)
    draws = _draws(scene, about)
    channel = _channels(scene.reached, about, draws)
    slot = _FIRST_SLOT + draws.choose("slot", _SLOTS)
    send_at = clock.moment(scene.folk.zone[about.person], about.day, slot * 120 + draws.below("minute", 120))
    state = np.where(send_at >= scene.cut, QUEUED, draws.choose("state", _STATE_SHARES))
    answered = draws.happens("answers", _chance_to_respond(scene.reached, about, channel, slot))
    order = np.lexsort((about.loan, about.number, about.sort, send_at, about.person))
    order = order[channel[order] != NOBODY]
    kept = about[order]
    return Sent(
        kept, channel[order], send_at[order], state[order], answered[order], draws[order], _ids(scene, kept)
    )


def _draws(scene: Scene, about: Occasions) -> Draws:
    which = about.sort * 100_000 + about.number * 8 + _place(scene, about)
    return scene.folk.draws[about.person].each("contact", which)


def _place(scene: Scene, about: Occasions) -> Ints:
    """Which of the borrower's loans it is about; 7 where it is about the person."""
    return np.where(about.loan == NOBODY, 7, scene.loans.place[about.loan])


def _ids(scene: Scene, about: Occasions) -> pl.Series:
    """The person, the loan, the sort and the instalment."""
    place = coded((*"0123456", "p"), _place(scene, about))
    person = gathered(scene.folk.ids, about.person).str.slice(1)
    return glued("c", person, ":", place, numbered(about.sort, 2), numbered(about.number, 3))


def _channels(reached: Reach, about: Occasions, draws: Draws) -> Ints:
    """One that works for this person; letters may go by e-mail instead; NOBODY where none does."""
    fixed = np.array([sort.channel for sort in SORTS])[about.sort]
    open_ = reached.open[about.person]
    weights = np.where(open_, _WEIGHTS, 0.0)
    favourite = reached.favourite[about.person]
    rows = np.arange(len(favourite))
    weights[rows, favourite] *= 1.8
    sums = np.cumsum(weights, axis=1)
    drawn = (sums <= (draws.chance("channel") * sums[:, -1])[:, None]).sum(axis=1)
    free = np.where(sums[:, -1] > 0, np.minimum(drawn, len(CHANNELS) - 1), NOBODY)
    wanted = np.where((fixed == LETTER) & ~open_[:, LETTER], EMAIL, fixed)
    held = np.where(open_[rows, np.maximum(wanted, 0)], wanted, NOBODY)
    return np.where(fixed == ANY_CHANNEL, free, held)


def _chance_to_respond(reached: Reach, about: Occasions, channel: Ints, slot: Ints) -> Floats:
    """Higher in the evening and in the favourite channel, lower with each further contact about the same thing."""
    base = np.array([0.42, 0.20, 0.30, 0.20, 0.0, 0.30, 0.55])[channel]
    tired = np.array([TIRED**sort.rung for sort in SORTS])
    likes = np.where(reached.favourite[about.person] == channel, FAVOURITE_WORKS, 1.0)
    chance: Floats = base * tired[about.sort] * EVENING_WORKS[slot] * likes
    return chance


def _outcomes(sent: Sent) -> Ints:
    spoken = (sent.channel == CALL) | (sent.channel == VISIT)
    cell = sent.draws.cell("outcome")
    by_call = np.where(sent.is_answered, _ANSWERED, np.where(cell < 1_000, _VOICEMAIL, _NO_ANSWER))
    by_message = np.where(cell < 90, _BOUNCED, np.where(cell < 180, _UNTOLD, _DELIVERED))
    return np.where(sent.state != ACCEPTED, _UNTOLD, np.where(spoken, by_call, by_message))


def contacts(scene: Scene, sent: Sent) -> Rows:
    """The table `contacts`: queued some hours before, then sent."""
    queued_at = np.minimum(sent.send_at - 3_600 * (5 + sent.draws.below("queued", 14)), scene.cut - 3_600)
    sent_at = np.minimum(sent.send_at + 180, scene.cut - 1)
    table = frame(
        "contacts",
        contact_id=sent.ids,
        person_id=gathered(scene.folk.ids, sent.about.person),
        channel=coded(CHANNELS, sent.channel),
        purpose=coded([sort.purpose for sort in SORTS], sent.about.sort),
        subject=gathered(scene.loans.ids, sent.about.loan, otherwise=""),
        send_at=sent.send_at,
        use_by=sent.send_at + 2 * clock.DAY,
        state=coded(_STATES, sent.state),
        outcome=coded(_OUTCOMES, _outcomes(sent)),
        cost=np.where(np.isin(sent.state, (ACCEPTED, IN_DOUBT)), _COSTS[sent.channel], 0),
        recorded_at=np.where(sent.state == QUEUED, queued_at, sent_at),
    )
    return changing(table, sent.state != QUEUED, moments(queued_at), state="queued", outcome=None, cost=0)


def contact_topics(scene: Scene, sent: Sent, table: Rows) -> Rows:
    """The table `contact_topics`: some contacts about the first loan were also about the one beside it."""
    loans, about = scene.loans, sent.about
    beside = np.full(len(scene.folk), NOBODY)
    seconds = np.flatnonzero(loans.place == SECOND)
    beside[loans.person[seconds]] = seconds
    about_first = (about.loan != NOBODY) & (loans.place[about.loan] == CURRENT)
    about_first &= loans.person[about.loan] == about.person
    second = np.where(about_first, beside[about.person], NOBODY)
    rows = np.flatnonzero((second != NOBODY) & sent.draws.happens("topic", 0.3))
    begun = clock.moment(loans.zone[second[rows]], loans.disbursed[second[rows]], 1_439)
    rows = rows[sent.send_at[rows] > begun]
    return Rows(
        frame(
            "contact_topics",
            contact_id=gathered(sent.ids, rows),
            loan_id=gathered(loans.ids, second[rows]),
            recorded_at=table.latest["recorded_at"].gather(rows),
        )
    )
