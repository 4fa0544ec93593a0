"""What was imported: each file once, with what came of it."""

from __future__ import annotations

from django.db import models

from tideover.book.fields import MomentField


class Import(models.Model):
    """One import into the book."""

    source = models.CharField(max_length=200)
    content_hash = models.CharField(max_length=64, db_index=True)
    at = MomentField()
    added = models.JSONField(default=dict, help_text="rows added, by table")
    seen = models.JSONField(default=dict, help_text="rows read, by table")
    set_aside = models.JSONField(default=dict, help_text="rows set aside, by table")
    assumes = models.JSONField(default=list, help_text="what the source assumed")

    def __str__(self) -> str:
        return f"{self.source} at {self.at}"
