"""The reasoned answer to a complaint: sent at the one gate like every reply, with what is done to put it right."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tideover.access.actors import staff_actor
from tideover.access.allowed import require
from tideover.access.audit import Plain, note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.kit.cards import cover_cards
from tideover.kit.errors import Refused
from tideover.support.actions import close
from tideover.support.models import Case
from tideover.support.replying import Forbidden, reply
from tideover.support.voice.complaining import hold_kind, moved, rest, told_as_fact
from tideover.support.voice.facts import may_end
from tideover.support.voice.models import DECIDED, Complaint

OUTCOMES = {"upheld": "corrected", "partly": "corrected", "not_upheld": "solved"}
"""How the case ends, by how the complaint was decided."""


TO_THINK = timedelta(days=14)
"""How long it rests after our answer, for her to say whether she is content."""


class NotDecided(Refused):
    """An answer says whether she is right, in part, or not, and why."""


@transaction.atomic
def answer(
    *, complaint: Complaint, decided: str, words: str, redress: str, key: str, by: Staff, at: datetime
) -> Complaint:
    """Answer with reasons. What rests goes on resting while she thinks about it; only who may end holds sets that an end.

    Raises NotAllowed, NotDecided, NotPossible, NotYours, NothingWritten, TooLong.
    """
    require(by, Power.ANSWER)
    if decided not in DECIDED:
        raise NotDecided("Say whether she is right, right in part, or not, and why.")
    found = moved(complaint, "answered")
    case: Case = found.case
    said = "\n\n".join(filter(None, (words.strip(), redress.strip())))
    is_sent = _sent(case, said, key, by, at)
    found.decided, found.answer, found.answered_at = decided, cover_cards(words.strip()), at
    found.redress = cover_cards(redress.strip()) or None
    found.save()
    told_as_fact(found, at)
    if may_end(by, hold_kind(found)):
        rest(found, at, until=at + TO_THINK)
    close(case=case, outcome=OUTCOMES[decided], words=redress, by=by, at=at)
    detail: dict[str, Plain] = {"complaint": found.pk, "decided": decided, "sent": is_sent}
    note(action="complaint_answered", by=staff_actor(by), at=at, about=f"case:{case.pk}", detail=detail)
    return found


def _sent(case: Case, text: str, key: str, by: Staff, at: datetime) -> bool:
    """Where no channel is open to her she reads it on her page, and the trail says that it was not sent."""
    try:
        reply(case=case, text=text, key=key, by=by, at=at)
    except Forbidden:
        return False
    return True
