"""A member of staff offers what helps: she is told that there are ways, through the one gate, and looks at them herself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tideover.access.actors import staff_actor
from tideover.access.allowed import require
from tideover.access.audit import note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.book.models import Person
from tideover.book.surrogates import surrogate_of
from tideover.delivery.progress import in_words
from tideover.repayment.promises.refusals import NotHers
from tideover.strategy.gate import Asked, consider_all
from tideover.strategy.models import Decision
from tideover.strategy.telling import secret_codes
from tideover.support.replying import Forbidden

OCCASION = "options_offer"


@transaction.atomic
def offer_options(*, person_id: str, loan_id: str, by: Staff, at: datetime) -> Decision:
    """Let her know, once a day, what helps with this loan. Raises NotAllowed, NotHers, Forbidden."""
    require(by, Power.ANSWER)
    if not Person.objects.visible_to(by).filter(pk=person_id).exists():
        raise NotHers("This loan cannot be found.")
    asked = Asked(person_id, loan_id, key=f"offered-{loan_id}-{at:%Y-%m-%d}")
    made = consider_all([asked], occasion=OCCASION, at=at)[person_id]
    if made.decision is None:
        raise Forbidden(f"{in_words(made.forbidden_by, secret_codes(by))} Speak with her instead.")
    note(
        action="options_offered", by=staff_actor(by), at=at, about=surrogate_of(person_id),
        detail={"channel": made.decision.channel},
    )  # fmt: skip
    return made.decision
