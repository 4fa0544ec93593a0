"""A second look is by somebody else: whoever said no does not judge their own no when she asks that a person looks again."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.access.two_persons import NIGHT
from tideover.book.applications.lifecycle import DECLINED, MISSING, REVIEW
from tideover.book.applications.models import Application
from tideover.book.applications.refusals import SameLooker

JUDGED = (MISSING, REVIEW, DECLINED)
ASKED = "She asked that a person looks at it again. You said no, so somebody else does."


def may_look(application: Application, by: Staff, at: datetime) -> bool:
    """Whether this person may go on with it: until she asks for a second look everybody, then all but those who said no.

    A lender of one person looks again after a night, as with everything that takes two.
    """
    if (
        application.state not in JUDGED
        or application.review_asked_at is None
        or str(by.pk) not in application.said_no_by
    ):
        return True
    return bool(settings.ONE_PERSON) and _is_alone(by) and _slept_over(application, at)


def must_be_another(application: Application, by: Staff, at: datetime) -> None:
    """Raises SameLooker where whoever said no would judge it again."""
    if not may_look(application, by, at):
        raise SameLooker(ASKED)


def _is_alone(by: Staff) -> bool:
    return not [it for it in Staff.objects.who_may(Power.RECORD_FACTS) if it.pk != by.pk]


def _slept_over(application: Application, at: datetime) -> bool:
    return application.decided_at is not None and at - application.decided_at >= NIGHT
