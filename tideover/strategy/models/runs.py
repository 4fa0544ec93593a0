"""Runs, what they decided to say, whom they look at again, and what stops them."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models

from tideover.book.fields import MomentField


class Nights(models.Manager["Run"]):
    """The runs over the whole book that hand on what they decided, each by a clock that was right."""

    def get_queryset(self) -> models.QuerySet[Run]:
        """Those that stand for their night."""
        return super().get_queryset().filter(kind="nightly", was_ahead=False)


class Run(models.Model):
    """One pass over the book, or over the people whom events touched. Its whole answer lies in `folder`."""

    kind = models.CharField(max_length=16, help_text="nightly, event, or shadow: decided and never sent")
    at = MomentField()
    started_at = MomentField()
    ended_at = MomentField(null=True)
    people = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="people by treatment")
    folder = models.TextField(default="")
    strategy_hash = models.CharField(max_length=64)
    rules_hash = models.CharField(max_length=64)
    tables_hash = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64)
    was_ahead = models.BooleanField(
        default=False,
        help_text="a later look found it in the future: its clock was put back, and it stands for no night",
    )

    objects: ClassVar[models.Manager[Run]] = models.Manager()
    nights: ClassVar[Nights] = Nights()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-at"], name="runs_by_moment")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class Decision(models.Model):
    """A contact that was decided on. Silence stands in the run's folder, where every person of every day has a row."""

    decision_id = models.CharField(max_length=240, primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, null=True)
    person_id = models.CharField(max_length=200, db_index=True)
    at = MomentField()
    subject = models.CharField(max_length=200, default="")
    treatment = models.CharField(max_length=16)
    purpose = models.CharField(max_length=64)
    policy = models.CharField(max_length=64)
    step = models.CharField(max_length=64)
    channel = models.CharField(max_length=64)
    send_at = MomentField()
    use_by = MomentField()
    language = models.CharField(max_length=35, default="")
    tone = models.CharField(max_length=16, default="plain")
    lesson = models.CharField(max_length=64, default="")
    reasons = models.TextField()
    blocked_by = models.TextField(default="")
    offers = models.JSONField(default=list)
    topics = models.JSONField(
        default=list, help_text="[subject, occasion] of everything the contact is about"
    )
    values = models.JSONField(
        default=dict, help_text="what the words need and no fact says, such as what was stopped"
    )
    arm = models.CharField(max_length=16, default="")
    leaf = models.CharField(max_length=64, default="")
    propensity = models.IntegerField(null=True)
    strategy_hash = models.CharField(max_length=64)
    rules_hash = models.CharField(max_length=64)
    tables_hash = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64)
    engine_version = models.CharField(max_length=16)
    taken_at = MomentField(null=True, help_text="when delivery took it")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["send_at"], name="decisions_to_take", condition=models.Q(taken_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.decision_id


class Stop(models.Model):
    """Somebody pressed the stop button: nothing of that scope leaves until it is lifted."""

    scope = models.CharField(
        max_length=200, help_text="all, channel:<name>, strategy:<hash> or purpose:<name>"
    )
    why = models.TextField(default="")
    pressed_by = models.CharField(max_length=200)
    pressed_at = MomentField()
    counted_until = MomentField(
        null=True, help_text="where the volume brake pressed it: the end of the last day that held too much"
    )
    is_shared = models.BooleanField(
        default=False, help_text="somebody else pressed it too, so nobody takes it back alone"
    )
    lifted_by = models.CharField(max_length=200, default="")
    lifted_at = MomentField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scope"], condition=models.Q(lifted_at__isnull=True), name="one_stop_a_scope"
            )
        ]

    def __str__(self) -> str:
        return self.scope


class Changed(models.Model):
    """Somebody whose facts changed: an event run looks at her again. One row a person, however much changed."""

    person_id = models.CharField(max_length=200, primary_key=True)
    why = models.CharField(max_length=64)
    at = MomentField(help_text="from when on a decision knows all that changed")
    noted = models.UUIDField(
        default=uuid4, help_text="new with every change: what changed meanwhile stays in line"
    )

    def __str__(self) -> str:
        return self.person_id


class Watermark(models.Model):
    """The last row of a fact table that was looked at for events."""

    table = models.CharField(max_length=64, primary_key=True)
    last_id = models.BigIntegerField(default=0)
    recent = models.JSONField(default=list, help_text="numbers just below it that were looked at")

    def __str__(self) -> str:
        return f"{self.table} {self.last_id}"


class Lease(models.Model):
    """Who does a thing that only one process may do."""

    name = models.CharField(max_length=64, primary_key=True)
    holder = models.CharField(max_length=200)
    until = MomentField()

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"
