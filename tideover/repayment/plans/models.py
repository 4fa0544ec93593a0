"""Plans with their life; what she told about her means, and in confidence, sealed and only for a while."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tideover.book.fields import DayField, MomentField, SealedField

MOVES: dict[str, frozenset[str]] = {
    "open": frozenset({"kept", "broken", "replaced", "withdrawn"}),
    "kept": frozenset(),
    "broken": frozenset(),
    "replaced": frozenset({"open"}),
    "withdrawn": frozenset(),
}
"""A replaced one runs again where the one in its place is undone."""


class Plan(models.Model):
    """An agreed change of a loan's schedule. The schedule itself is the loan's; here stands what was agreed."""

    person_id = models.CharField(max_length=200, db_index=True)
    subject = models.CharField(max_length=200, help_text="the loan")
    kind = models.CharField(max_length=32)
    level = models.CharField(max_length=16, help_text="who agreed for us: self, agent, approver")
    by = models.CharField(max_length=80, help_text="who agreed to it, by key")
    from_on = DayField()
    until_on = DayField()
    made_at = MomentField()
    agreed = models.JSONField(help_text="schedule, costs and meaning, as they were seen")
    before = models.JSONField(help_text="the open schedule it took the place of")
    check_at = MomentField(help_text="when to look at it next")
    state = models.CharField(max_length=16, default="open")
    ended_at = MomentField(null=True)
    replaces = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=sorted(MOVES)), name="plan_state_is_known"),
            models.UniqueConstraint(
                fields=["subject"], condition=models.Q(state="open"), name="one_open_plan_a_loan"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["check_at"], name="plans_to_look_at", condition=models.Q(state="open"))
        ]

    def __str__(self) -> str:
        return f"plan-{self.pk}"

    def move(self, state: str) -> None:
        """Into another state, where the table allows it."""
        if state not in MOVES[self.state]:
            raise ValueError(f"A plan that is {self.state} cannot become {state}.")
        self.state = state


class Budget(models.Model):
    """What comes in, what must be paid first, and her payday; sealed, and forgotten after some days."""

    person_id = models.CharField(max_length=200, unique=True)
    told = SealedField()
    told_at = MomentField()
    keep_until = MomentField(db_index=True)

    def __str__(self) -> str:
        return f"budget {self.pk}"


class Confidence(models.Model):
    """Why a payment is late, told for the people who help her alone. No offer, lending or strategy reads this table."""

    person_id = models.CharField(max_length=200, db_index=True)
    need = SealedField()
    text_hash = models.CharField(max_length=64, help_text="the words she agreed to")
    told_at = MomentField()
    keep_until = MomentField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person_id", "told_at"], name="told_in_confidence_once")
        ]

    def __str__(self) -> str:
        return f"confidence {self.pk}"
