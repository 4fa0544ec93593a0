"""Messages out: what was said to a person, and what became of it."""

from __future__ import annotations

import json
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from tideover.delivery.models import Message
from tideover.web.api.answers import may_answer
from tideover.web.api.door import client_of, through
from tideover.web.api.pages import cursor_of, place_of
from tideover.web.api.schemas import MessagePage
from tideover.web.api.scopes import Scope
from tideover.web.api.sight import person_seen

router = Router(tags=["messages"])
PLAIN = (
    "contact_id", "purpose", "channel", "subject", "state", "because", "send_at", "use_by", "ended_at", "language", "maybe_twice"
)  # fmt: skip


@router.get(
    "/people/{person_id}/messages", response=may_answer(200, MessagePage), operation_id="list_messages"
)
@through(Scope.READ_MESSAGES, writes=False)
def list_messages(
    request: HttpRequest,
    person_id: str,
    cursor: Query[str] = "",
    limit: Query[Annotated[int, Field(ge=1, le=100)]] = 50,
) -> Status[dict[str, object]]:
    """Every message to a person with its text, the newest first."""
    person = person_seen(client_of(request), person_id)
    rows = Message.objects.filter(person_id=person.pk)
    if cursor:
        (last,) = place_of(cursor, int)
        rows = rows.filter(pk__lt=last)
    page = list(rows.order_by("-pk")[: limit + 1])
    following = cursor_of(page[limit - 1].pk) if len(page) > limit else ""
    return Status(200, {"messages": [_told(it) for it in page[:limit]], "next": following})


def _told(message: Message) -> dict[str, object]:
    try:
        body = json.loads(message.body or "{}")
    except ValueError:
        body = {}
    return {name: getattr(message, name) for name in PLAIN} | {
        "title": str(body.get("subject") or ""),
        "text": str(body.get("text") or ""),
    }
