"""Somebody who acted for another and is erased: what they were called and how they were reached goes from the other's rows."""

from __future__ import annotations

from tideover.delivery.models import Answer
from tideover.delivery.privacy.elsewhere import Forgotten
from tideover.support.models import FROM_ANSWER, Case
from tideover.support.voice.models import DeathTold, PowerToAct
from tideover.support.voice.powers import end, is_in_force


def forget(who: Forgotten) -> dict[str, int]:
    """Powers that they held end, so that we speak with her again; a death they told of stays told, by nobody."""
    for power in PowerToAct.objects.filter(acts_id=who.person_id):
        if is_in_force(power, who.at):
            end(power=power, person_id=who.person_id, at=who.at)
    PowerToAct.objects.filter(acts_id=who.person_id).update(name="", reach="", acts_id=who.instead)
    for death in DeathTold.objects.filter(executor_id=who.person_id).select_related("case"):
        death.told_by, death.reach, death.executor_id = "", "", who.instead
        death.save()
        death.case.said = death.said
        death.case.save(update_fields=["said"])
        _forget_sender(death.case)
    return {}


def _forget_sender(case: Case) -> None:
    """Of a death that an answer told, the address that it came from."""
    number = case.from_row.removeprefix(FROM_ANSWER)
    if number != case.from_row:
        Answer.objects.filter(pk=int(number)).update(sender=None)
