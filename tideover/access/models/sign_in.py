"""Coming in: one-time links of the invited, and how often somebody tried in vain."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Invitation(models.Model):
    """A link that works once, for one account, until its hour. Only its fingerprint is kept."""

    objects: ClassVar[models.Manager[Invitation]]

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    staff_id: int
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"for staff {self.staff_id} until {self.expires_at}"


class Tries(models.Model):
    """Failed tries in a row on one door: a mail address, known or not, or the second step of an account."""

    objects: ClassVar[models.Manager[Tries]]

    key = models.CharField(primary_key=True, max_length=64)
    """A keyed fingerprint: the table does not tell which addresses were tried."""
    failed = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.failed} failed"


class SharedCache(models.Model):
    """Django's cache in the database: rate limits and used codes hold over all processes, without another server."""

    objects: ClassVar[models.Manager[SharedCache]]

    cache_key = models.CharField(primary_key=True, max_length=255)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "access_cache"

    def __str__(self) -> str:
        return self.cache_key
