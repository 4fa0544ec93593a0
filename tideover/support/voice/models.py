"""What somebody said in her own words and where it stands: a complaint, a death that was told, a power to act."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tideover.book.fields import DayField, MomentField, SealedField
from tideover.support.models import Case

ABOUT = ("amount", "contact", "treatment", "product", "other")
"""What a complaint can be about; of the first a part is disputed and rests."""

DECIDED = ("upheld", "partly", "not_upheld")
"""How a complaint can be answered."""

COMPLAINT_MOVES: dict[str, frozenset[str]] = {
    "open": frozenset({"answered"}),
    "answered": frozenset({"closed", "open"}),
    "closed": frozenset(),
}
"""An answer that does not content her opens the complaint again."""

DEATH_MOVES: dict[str, frozenset[str]] = {
    "told": frozenset({"found", "mistaken"}),
    "found": frozenset({"condoled", "mistaken"}),
    "condoled": frozenset({"mistaken"}),
    "mistaken": frozenset(),
}

POWER_MOVES: dict[str, frozenset[str]] = {
    "given": frozenset({"in_use", "ended"}),
    "in_use": frozenset({"ended"}),
    "ended": frozenset(),
}

MAY = ("see", "speak", "agree")
"""What somebody who acts for another may do: see her loans, speak with us about them, agree to a plan."""


class Complaint(models.Model):
    """One complaint: her words, what would put it right, the clock, and the answer with its reasons."""

    complaint_id = models.CharField(max_length=80, unique=True, help_text="the key in the facts")
    person_id = models.CharField(max_length=200, db_index=True)
    loan_id = models.CharField(max_length=200, default="", help_text="empty when all")
    about = models.CharField(max_length=32)
    said = SealedField()
    wish = SealedField(null=True, help_text="what would put it right")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="complaints")
    state = models.CharField(max_length=16, default="open")
    made_at = MomentField()
    country = models.CharField(max_length=16, default="")
    acknowledge_by = DayField()
    answer_by = DayField()
    acknowledged_at = MomentField(null=True)
    decided = models.CharField(max_length=16, default="")
    answer = SealedField(null=True)
    redress = SealedField(null=True, help_text="what we do to put it right")
    answered_at = MomentField(null=True)
    closed_at = MomentField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(COMPLAINT_MOVES)), name="complaint_state_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.complaint_id


class DeathTold(models.Model):
    """Somebody told us that a person has died. `person_id` is empty until we know surely who it is."""

    once = models.CharField(max_length=80, unique=True)
    person_id = models.CharField(max_length=200, default="", db_index=True)
    said = SealedField(help_text="who died, as it was told")
    told_by = SealedField(help_text="who told it")
    reach = SealedField(help_text="how to reach whoever told it")
    language = models.CharField(max_length=35, default="en")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deaths")
    state = models.CharField(max_length=16, default="told")
    told_at = MomentField()
    executor_id = models.CharField(max_length=200, default="")
    condoled_at = MomentField(null=True)

    OF_ANOTHER: ClassVar = dict.fromkeys(("told_by", "reach", "executor_id"), ())
    """Whoever told it: not in what we hand out about the person who died."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(DEATH_MOVES)), name="death_state_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"death {self.pk}"


class PowerToAct(models.Model):
    """Leave that a person gave to somebody else to act for her, until a day or until she ends it."""

    once = models.CharField(max_length=80, unique=True)
    person_id = models.CharField(max_length=200, db_index=True)
    acts_id = models.CharField(max_length=200, db_index=True, help_text="who acts")
    name = SealedField(help_text="who acts, as she wrote it")
    reach = SealedField(help_text="their mail address or phone number")
    may = models.JSONField(default=list)
    instead = models.BooleanField(default=False, help_text="she wants us to speak with them and not with her")
    state = models.CharField(max_length=16, default="given")
    given_at = MomentField()
    until_on = DayField()
    used_at = MomentField(null=True)
    ended_at = MomentField(null=True)

    OF_ANOTHER: ClassVar = dict.fromkeys(("reach", "acts_id"), ())
    """How whoever acts is reached: not in what we hand out about the person they act for, who wrote the name herself."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(POWER_MOVES)), name="power_state_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"power to act {self.pk}"
