"""The outbox: every message from the decision to what became of it. One lease queue, on the database itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tideover.book.fields import MomentField, SealedField
from tideover.strategy.models import Decision

MOVES: dict[str, frozenset[str]] = {
    "queued": frozenset({"claimed", "suppressed", "unknown"}),
    "claimed": frozenset({"queued", "sending", "suppressed", "unknown"}),
    "sending": frozenset({"accepted", "rejected", "unknown", "queued"}),
    "unknown": frozenset({"queued", "accepted", "rejected"}),
    "accepted": frozenset({"rejected"}),
    "rejected": frozenset(),
    "suppressed": frozenset(),
}
"""`unknown` from `queued` only after a backup was restored. `queued` again from `sending` only where the provider said it
had not taken the message. A late receipt may still tell what became of an unknown one, and a bounce may follow an
acceptance."""

ENDED = frozenset({"accepted", "rejected", "suppressed", "unknown"})


class Message(models.Model):
    """One contact with one person. `contact_id` is its key among the facts."""

    contact_id = models.CharField(max_length=200, unique=True)
    decision = models.ForeignKey(Decision, on_delete=models.SET_NULL, null=True)
    person_id = models.CharField(max_length=200, db_index=True)
    purpose = models.CharField(max_length=64)
    purpose_class = models.CharField(max_length=32)
    subject = models.CharField(max_length=200, default="")
    channel = models.CharField(max_length=32)
    send_at = MomentField()
    use_by = MomentField()
    local_day = models.IntegerField()
    occasion = models.JSONField(default=dict, help_text="what it is about besides the subject, for the words")
    state = models.CharField(max_length=16, default="queued")
    because = models.CharField(max_length=200, default="", help_text="why it was suppressed or rejected")
    due_at = MomentField(help_text="when a worker should look at it")
    worker = models.CharField(max_length=80, default="")
    lease_until = MomentField(null=True)
    fence = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0)
    deaths = models.IntegerField(default=0, help_text="workers in a row that have not lived to judge it")
    resend = models.BooleanField(default=False)
    maybe_twice = models.BooleanField(default=False)
    message_id = models.CharField(max_length=200)
    code = models.CharField(
        max_length=16, db_index=True, help_text="by which a person checks that it is ours"
    )
    language = models.CharField(max_length=35, default="")
    address_id = models.CharField(max_length=200, default="")
    body = SealedField(null=True)
    reference = models.CharField(max_length=300, default="", db_index=True)
    ended_at = MomentField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_id", "purpose", "subject", "local_day"], name="one_message_a_day_of_a_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(MOVES)), name="message_state_is_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], name="messages_due", condition=models.Q(state="queued")),
            models.Index(
                fields=["lease_until"],
                name="messages_leased",
                condition=models.Q(state__in=("claimed", "sending")),
            ),
        ]

    def __str__(self) -> str:
        return self.contact_id


class Answer(models.Model):
    """What came back from a person, in any channel, as it was read."""

    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True)
    person_id = models.CharField(max_length=200, db_index=True)
    channel = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    certain = models.BooleanField()
    danger = models.BooleanField(default=False)
    text = SealedField(null=True)
    at = MomentField()
    outside_id = models.CharField(
        max_length=200, unique=True, help_text="the same answer twice is one answer"
    )

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class Series(models.Model):
    """The rounds of sending, numbered. One row a database; a copy of the database has the same key and an older number."""

    one = models.BooleanField(default=True, unique=True)
    key = models.CharField(max_length=32)
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key} {self.last}"
