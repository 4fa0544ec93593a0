"""What is kept beside bills: the calendars that were handed out, and whether terms are understood."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tideover.book.fields import MomentField, SealedField


class Calendar(models.Model):
    """A person's own calendar of due days, behind an address that nobody can guess. One at a time."""

    person_id = models.CharField(max_length=200)
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the address")
    token = SealedField(help_text="the address itself, to show it to her again")
    made_at = MomentField()
    revoked_at = MomentField(null=True)

    objects: ClassVar[models.Manager[Calendar]]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_id"], condition=models.Q(revoked_at=None), name="one_calendar_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"calendar {self.pk}"


class Understood(models.Model):
    """How many people understood a term at once, by day. Nobody is named: it is about our words, never about a person."""

    question = models.CharField(max_length=32)
    on = models.DateField()
    asked = models.PositiveIntegerField(default=0)
    understood = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager[Understood]]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "on"], name="one_count_a_question_and_day"),
            models.CheckConstraint(
                condition=models.Q(understood__lte=models.F("asked")), name="understood_of_those_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.on}"
