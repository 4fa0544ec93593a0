"""What was said between us and a person, by both, in the order in which it was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tideover.access.sealing import opened_text
from tideover.delivery.because import says
from tideover.delivery.models import Answer, Message
from tideover.delivery.queries import answers_of, messages_of
from tideover.web.desk.day import STATES, answered

MOST = 50


@dataclass(frozen=True)
class Said:
    """One thing that was said: by her or by us, when, in which channel, in which words."""

    at: datetime
    is_hers: bool
    channel: str
    state: str
    text: str
    language: str = ""


def thread_of(person: str, *, hidden: frozenset[str] = frozenset(), most: int = MOST) -> list[Said]:
    """The newest things said, the newest last. Why something did not leave is said without `hidden` reasons."""
    ours = [_ours(it.message, it.shown.text, it.purpose, hidden) for it in messages_of(person, most)]
    hers = [_hers(it) for it in answers_of(person, most)]
    return sorted([*ours, *hers], key=lambda it: it.at)[-most:]


def _ours(message: Message, text: str, purpose: str, hidden: frozenset[str]) -> Said:
    state = STATES.get(message.state, "Did not leave")
    if message.because and message.state not in ("accepted", "unknown"):
        state = f"{state}. {says(message.because, hidden)}"
    written = opened_text(str(message.occasion.get("values", {}).get("answer") or ""))
    return Said(
        message.ended_at or message.send_at, False, message.channel, state, text or written or purpose,
        message.language if text or written else "en",
    )  # fmt: skip


def _hers(answer: Answer) -> Said:
    said = answer.text or f"{answered(answer.kind)}."
    return Said(answer.at, True, answer.channel, "", said, "" if answer.text else "en")
