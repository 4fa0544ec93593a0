"""Where events are sent, and every event on its way there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tideover.book.fields import MomentField, SealedField
from tideover.web.api.models.clients import Client

MOVES: dict[str, frozenset[str]] = {
    "waiting": frozenset({"delivered", "given_up"}),
    "delivered": frozenset(),
    "given_up": frozenset(),
}


class Endpoint(models.Model):
    """An address of a client's to which events go. It hears of the people whom its client sees, and of nobody else."""

    objects: ClassVar[models.Manager[Endpoint]]

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="endpoints")
    url = models.CharField(max_length=500)
    secret = SealedField(help_text="by which the receiver knows that an event is ours")
    events = models.JSONField(help_text="which of them it wants to hear")
    made_at = MomentField()
    closed_at = MomentField(null=True)
    closed_because = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"endpoint {self.pk}"


class Outgoing(models.Model):
    """One event for one endpoint: keys and codes, never a name or a text."""

    objects: ClassVar[models.Manager[Outgoing]]

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE)
    event = models.CharField(max_length=32)
    row_key = models.CharField(max_length=260, help_text="the row it came from: no event is told twice by us")
    person_id = models.CharField(max_length=200, db_index=True)
    event_id = models.CharField(max_length=64, unique=True)
    body = models.TextField()
    made_at = MomentField()
    due_at = MomentField()
    lease_until = MomentField(null=True)
    attempts = models.IntegerField(default=0)
    state = models.CharField(max_length=16, default="waiting")
    because = models.CharField(max_length=64, default="", help_text="why the last try failed")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "event", "row_key"], name="one_event_a_row"),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(MOVES)), name="outgoing_state_is_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], name="outgoing_due", condition=models.Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.event_id}"
