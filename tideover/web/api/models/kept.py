"""Answers that were given to a request with an idempotency key."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tideover.book.fields import MomentField
from tideover.web.api.models.clients import Client


class Kept(models.Model):
    """One request that a client marked with a key of its own. The answer is empty while the work goes on."""

    objects: ClassVar[models.Manager[Kept]]

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    key_hash = models.CharField(max_length=64)
    asked_hash = models.CharField(max_length=64, help_text="method, path and body")
    begun_at = MomentField()
    status = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=100, default="")
    body = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "key_hash"], name="one_answer_a_key")
        ]
        indexes: ClassVar = [models.Index(fields=["begun_at"], name="kept_answers_by_age")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.key_hash[:8]}"
