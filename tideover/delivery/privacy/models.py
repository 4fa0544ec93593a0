"""The journal of erasures: that somebody was erased, never who."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tideover.book.fields import DayField, MomentField


class Erasure(models.Model):
    """One person who was erased. Her key is there as a keyed fingerprint only: it is known again should it come back."""

    objects: ClassVar[models.Manager[Erasure]]

    key_index = models.CharField(max_length=32, db_index=True)
    at = MomentField()
    kept = models.JSONField(default=dict, help_text="rows kept under keys that stand for nobody, by table")
    kept_until = DayField(null=True)

    def __str__(self) -> str:
        return f"erasure {self.pk} at {self.at}"
