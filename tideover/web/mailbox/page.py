"""What the page of one message shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tideover.book.models import FACTS
from tideover.delivery.because import says
from tideover.delivery.models import Message
from tideover.delivery.queries import answers_of, names_of
from tideover.delivery.shown import channel_of, shown, why
from tideover.strategy.telling import words

FRAMES = {
    "sms": "sms", "app": "sms", "email": "email", "push": "push", "letter": "letter", "call": "task", "visit": "task"
}  # fmt: skip
"""How each channel is drawn; one that is new here looks like a short message."""


def page_of(message: Message, at: datetime) -> Mapping[str, object]:
    """The message in its frame, why it is there, and what can be done about it."""
    explained = why(message)
    change = explained.staff.part("change") if explained else None
    return {
        "message": message,
        "name": names_of([message.person_id])[message.person_id],
        "channel": channel_of(message),
        "purpose": words().lists.purposes[message.purpose].says,
        "shown": shown(message, at),
        "frame": f"mailbox/frames/{FRAMES.get(message.channel, 'sms')}.html",
        "because": says(message.because),
        "why": explained,
        "change": change,
        "answers": [it for it in answers_of(message.person_id) if it.message_id == message.pk],
        "has_loan": FACTS["instalments"].objects.filter(loan_id=message.subject).exists(),
        "at": at,
    }
