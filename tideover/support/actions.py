"""What staff do with a case: take it, give it back, close it. One transaction each, and in the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db import transaction

from tideover.access.actors import staff_actor
from tideover.access.allowed import require
from tideover.access.audit import Plain, note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.kit.cards import cover_cards
from tideover.kit.errors import Refused
from tideover.support.models import MOVES, OUTCOMES, Case
from tideover.support.resting import may_go_on, seen_by

Rest = Literal["goes_on", "ends"]
"""What becomes of what rests because of a case that is closed."""


class NotYours(Refused):
    """The case is with somebody else, or of another branch."""


class NotPossible(Refused):
    """The case is in a state from which this cannot be done."""


class NoOutcome(Refused):
    """A case is closed with what came of it."""


@transaction.atomic
def take(*, case: Case, by: Staff, at: datetime) -> Case:
    """See to a case oneself. Raises NotAllowed, NotYours, NotPossible."""
    found = _moved(case, "taken", by)
    found.owner = str(by.pk)
    return _kept(found, "case_taken", by, at)


@transaction.atomic
def give_back(*, case: Case, by: Staff, at: datetime) -> Case:
    """Let others of the team see to it. Raises NotAllowed, NotYours, NotPossible."""
    found = _moved(case, "open", by)
    found.owner, found.passed_by = "", str(by.pk)
    return _kept(found, "case_given_back", by, at)


@transaction.atomic
def close(*, case: Case, outcome: str, words: str, by: Staff, at: datetime, rest: Rest = "goes_on") -> Case:
    """It is done, with what came of it and of what rests because of it. Raises NotAllowed, NotYours, NotPossible, NoOutcome."""
    found = _moved(case, "closed", by)
    if outcome not in OUTCOMES:
        raise NoOutcome("Say what came of it before you close it.")
    found.owner, found.outcome, found.note, found.closed_at = (
        str(by.pk),
        outcome,
        cover_cards(words.strip()) or None,
        at,
    )
    detail: dict[str, Plain] = {"outcome": outcome}
    if seen_by(by, found, at):
        detail["rest"] = rest
        if rest == "ends":
            may_go_on(case=found, by=by, at=at)
    return _kept(found, "case_closed", by, at, detail)


def _moved(case: Case, state: str, by: Staff) -> Case:
    """The case as it stands now, in its new state; not yet kept."""
    require(by, Power.ANSWER)
    found = Case.objects.visible_to(by).select_for_update().filter(pk=case.pk).first()
    if found is None:
        raise NotYours("This case is of another branch.")
    if state not in MOVES[found.state]:
        raise NotPossible(
            f"The case is {found.state} already. Look at it again; somebody may have been quicker."
        )
    if found.is_with_another_than(by):
        raise NotYours("Somebody else sees to this case. Ask them, or let them give it back.")
    found.state = state
    return found


def _kept(case: Case, action: str, by: Staff, at: datetime, detail: dict[str, Plain] | None = None) -> Case:
    case.save()
    note(action=action, by=staff_actor(by), at=at, about=f"case:{case.pk}", detail=detail)
    return case
