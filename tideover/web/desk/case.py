"""What the page of one case shows to one member of staff."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from tideover.access.allowed import may
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.models import Person
from tideover.delivery.progress import in_words
from tideover.strategy.telling import secret_codes
from tideover.support.models import OF_MONEY, OUTCOMES, Case
from tideover.support.opening import NOBODY
from tideover.support.queries import told, why_no_message
from tideover.support.replying import Draft, language_of, starting_texts
from tideover.support.resting import roles_for, seen_by
from tideover.support.voice.clocks import clock_of
from tideover.support.voice.deaths import BEREAVED, can_be_written_to
from tideover.support.voice.facts import may_end
from tideover.support.voice.models import Complaint, DeathTold
from tideover.support.voice.spoken_for import KIND as FOR_ADVISER
from tideover.support.voice.spoken_for import speak_with
from tideover.web.desk.thread import thread_of


def case_for(
    case: Case, reader: Staff, at: datetime, *, start: str = "", drafted: Draft | None = None
) -> Mapping[str, object]:
    """The case, what was said by both, and the reply that is being written; `start` names a text to begin with."""
    (row,) = told([case], at.date())
    hidden, me, may_act = secret_codes(reader), str(reader.pk), may(reader, Power.ANSWER)
    with_another = case.is_with_another_than(reader)
    starts = starting_texts(case.person_id)
    begun = starts[start][1] if start in starts else ""
    return {
        "row": row, "case": case, "outcomes": OUTCOMES, "me": me, "may_act": may_act, "is_with_another": with_another,
        "may_write": may_act and not with_another and case.kind != FOR_ADVISER,
        "of_money": case.kind in OF_MONEY and case.person_id != NOBODY, "speak_with": speak_with(case.person_id, at),
        "because": why_no_message(case, hidden), "thread": thread_of(case.person_id, hidden=hidden),
        "starts": starts, "text": drafted.text if drafted else begun, "language": language_of(case.person_id),
        "drafted": drafted, "key": secrets.token_urlsafe(9),
        "forbidden": in_words(drafted.foreseen.forbidden_by, hidden) if drafted else "", "nobody": NOBODY,
        **_resting(case, reader, at), **_told(case, reader),
    }  # fmt: skip


def _resting(case: Case, reader: Staff, at: datetime) -> Mapping[str, object]:
    """Whether something rests that this member of staff may end, and who rests beside her for sharing the address."""
    seen = seen_by(reader, case, at) if may(reader, Power.LIFT_HOLD) else []
    found = [it for it in seen if may_end(reader, it.kind)]
    others = [it for it in seen if it not in found]
    resting = {it.person_id for it in found}
    is_shared = bool(resting - {case.person_id})
    named = Person.objects.filter(pk__in=resting).order_by("pk") if is_shared else []
    beside = [(it.pk, it.name or it.pk) for it in named]
    ended_by = roles_for(others) if others else ""
    return {"may_end_rest": bool(found), "rest_beside": beside, "rest_ended_by": ended_by}


def _told(case: Case, reader: Staff) -> Mapping[str, object]:
    """The complaint or the death behind a case of that kind."""
    if case.kind == "complaint":
        complaint = Complaint.objects.filter(case=case).first()
        return {
            "complaint": complaint,
            "clock": clock_of(complaint.country, settings.CONTENT) if complaint else None,
        }
    death = DeathTold.objects.filter(case=case).first() if case.kind == "death" else None
    if death is None:
        return {}
    return {
        "death": death,
        "can_be_written_to": can_be_written_to(death),
        "may_be_mistaken": may_end(reader, BEREAVED),
    }
