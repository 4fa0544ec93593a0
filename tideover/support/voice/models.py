"""What a person tells us that must be answered: a complaint or a dispute, a death, and who may act for her."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tideover.book.fields import DayField, MomentField, SealedField

MOVES: dict[str, frozenset[str]] = {
    "open": frozenset({"acknowledged", "answered", "withdrawn"}),
    "acknowledged": frozenset({"answered", "withdrawn"}),
    "answered": frozenset({"open"}),
    "withdrawn": frozenset({"open"}),
}
"""`open` again from `answered` where she says the answer does not settle it; from `withdrawn` within the day (undo)."""


class Complaint(models.Model):
    """Something she says is wrong. `what` is complaint or dispute: of a dispute the disputed loan rests."""

    objects: ClassVar[models.Manager[Complaint]]

    complaint_id = models.CharField(max_length=200, unique=True)
    person_id = models.CharField(max_length=200, db_index=True)
    loan_id = models.CharField(max_length=200, default="")
    what = models.CharField(max_length=16)
    text = SealedField()
    wish = SealedField(null=True, help_text="what would put it right, in her words")
    state = models.CharField(max_length=16, default="open")
    told_at = MomentField()
    acknowledge_by = DayField()
    answer_by = DayField()
    basis = models.CharField(max_length=200, default="", help_text="where the clock comes from")
    answer = SealedField(null=True)
    redress = models.CharField(max_length=300, default="")
    answered_at = MomentField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(MOVES)), name="complaint_state_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.complaint_id


class DeathTold(models.Model):
    """A death that somebody told us, who need not be known to us. The words are sealed."""

    objects: ClassVar[models.Manager[DeathTold]]

    once = models.CharField(max_length=64, unique=True)
    who = SealedField(help_text="who has died, as told")
    reference = SealedField(null=True, help_text="a number of a loan or of a phone, as told")
    teller = SealedField(null=True)
    reach = SealedField(null=True, help_text="how the teller wants to be reached")
    person_id = models.CharField(max_length=200, default="", db_index=True)
    told_at = MomentField()
    letter_at = MomentField(null=True, help_text="when the one letter of condolence was decided on")

    def __str__(self) -> str:
        return f"death told {self.pk}"


class PowerToAct(models.Model):
    """Somebody may act for a borrower: what, and until when. She ends it with one press."""

    objects: ClassVar[models.Manager[PowerToAct]]

    person_id = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=32, help_text="adviser, carer, lawyer, family")
    name = SealedField()
    reach = SealedField(help_text="mail address or phone of whoever acts")
    reach_index = models.CharField(max_length=32, db_index=True)
    may = models.JSONField(default=list, help_text="see, speak, agree")
    given_at = MomentField()
    until_on = DayField()
    ended_at = MomentField(null=True)

    def __str__(self) -> str:
        return f"power {self.pk}"
