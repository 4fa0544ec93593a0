"""A message as its reader sees it: what left, or what would leave were it now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tideover.delivery.guards import Guarded, Verdict
from tideover.delivery.models import Message
from tideover.delivery.words import NothingToSay, compose_all
from tideover.engine.policy.lists import Channel
from tideover.kit.text import Direction, direction_of_language
from tideover.strategy.models import Decision
from tideover.strategy.releases import NothingLive, live_setup
from tideover.strategy.telling import Explained, decided, explained, told_now, told_then, words

WAITING = ("queued", "claimed")


@dataclass(frozen=True)
class Shown:
    """The words of a message. `is_planned`: it has not left, and these are the words it would have now."""

    subject: str = ""
    preview: str = ""
    text: str = ""
    html: str = ""
    language: str = "en"
    direction: Direction = "ltr"
    may_say: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()
    is_planned: bool = False
    nothing: str = ""

    @property
    def has_words(self) -> bool:
        return bool(self.text or self.subject)

    @property
    def line(self) -> str:
        """One line for a list."""
        return self.subject or self.text.partition("\n")[0]


def kept(message: Message) -> Shown:
    """What left, from the row alone; without words where nothing did."""
    language = message.language or "en"
    if message.body is None:
        return Shown(language=language, direction=direction_of_language(language))
    return _shown(json.loads(message.body))


def shown(message: Message, at: datetime) -> Shown:
    """What left; of a message that waits, the words it would have at this moment."""
    if message.body is not None or message.state not in WAITING:
        return kept(message)
    try:
        tables, made = decided([message.person_id], live_setup(at), at)
    except NothingLive as refused:
        return Shown(language=message.language or "en", is_planned=True, nothing=str(refused))
    guarded = Guarded((Verdict(message, 0, may_leave=True),), tables, made, at)
    composed = compose_all(guarded.verdicts, guarded)[message.contact_id]
    if isinstance(composed, NothingToSay):
        return Shown(language=message.language or "en", is_planned=True, nothing=str(composed))
    return _shown(composed.kept, is_planned=True)


def _shown(said: Mapping[str, object], *, is_planned: bool = False) -> Shown:
    def text(name: str) -> str:
        return str(said.get(name) or "")

    def lines(name: str) -> tuple[str, ...]:
        found = said.get(name)
        return tuple(map(str, found)) if isinstance(found, list | tuple) else ()

    return Shown(
        text("subject"), text("preview"), text("text"), text("html"), text("language") or "en",
        "rtl" if said.get("direction") == "rtl" else "ltr", lines("may_say"), lines("must_not_say"), is_planned=is_planned,
    )  # fmt: skip


def why(message: Message, *, reader: object = None) -> Explained | None:
    """Why this, why now; None where the decision behind it, or its strategy, is not kept."""
    decision: Decision | None = message.decision
    if decision is None:
        return None
    left_at = message.ended_at if message.state in ("accepted", "unknown", "rejected") else None
    try:
        return explained(told_then(decision), sent_at=left_at, reader=reader)
    except NothingLive:
        return None


def why_now(person: str, at: datetime, *, reader: object = None) -> Explained:
    """What would be decided about somebody this moment, and why."""
    return explained(told_now(person, at), reader=reader)


def channel_of(message: Message) -> Channel:
    """What kind of channel it goes by."""
    return words().lists.channels[message.channel]
