"""Messages out: what was said to a person, and what became of it."""

from __future__ import annotations

import json

from django.http import HttpRequest
from ninja import Query, Router, Status

from tideover.delivery.models import Message
from tideover.web.api.answers import may_answer
from tideover.web.api.door import client_of, through
from tideover.web.api.pages import cursor_of, place_of
from tideover.web.api.schemas import MessagePage, MessagesAsked
from tideover.web.api.scopes import Scope
from tideover.web.api.sight import person_seen

router = Router(tags=["messages"])
PLAIN = (
    "contact_id", "purpose", "channel", "subject", "state", "because", "send_at", "use_by", "ended_at", "language", "maybe_twice"
)  # fmt: skip


@router.get(
    "/people/{anykey:person_id}/messages", response=may_answer(200, MessagePage), operation_id="list_messages"
)
@through(Scope.READ_MESSAGES, writes=False, asks=MessagesAsked)
def list_messages(
    request: HttpRequest, person_id: str, asked: Query[MessagesAsked]
) -> Status[dict[str, object]]:
    """Every message to a person with its text, the newest first."""
    person = person_seen(client_of(request), person_id)
    rows = Message.objects.filter(person_id=person.pk)
    if asked.cursor:
        (last,) = place_of(asked.cursor, int)
        rows = rows.filter(pk__lt=last)
    page = list(rows.order_by("-pk")[: asked.limit + 1])
    following = cursor_of(page[asked.limit - 1].pk) if len(page) > asked.limit else ""
    return Status(200, {"messages": [_told(it) for it in page[: asked.limit]], "next": following})


def _told(message: Message) -> dict[str, object]:
    try:
        body = json.loads(message.body or "{}")
    except ValueError:
        body = {}
    return {name: getattr(message, name) for name in PLAIN} | {
        "title": str(body.get("subject") or ""),
        "text": str(body.get("text") or ""),
    }
