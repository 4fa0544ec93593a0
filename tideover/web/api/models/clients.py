"""A client: another system of the lender's, by its key."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tideover.access.actors import Actor
from tideover.book.fields import MomentField


class Client(models.Model):
    """What another system may do here. Of its key only the fingerprint is kept."""

    objects: ClassVar[models.Manager[Client]]

    name = models.CharField(max_length=200, unique=True)
    key_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list, help_text="what it may do: tideover.web.api.scopes")
    roles = models.JSONField(default=list, help_text="staff roles for which it may lift holds")
    branches = models.JSONField(default=list, help_text="the branches whose people it sees")
    sees_every_branch = models.BooleanField(default=False)
    a_minute = models.PositiveIntegerField(default=600, help_text="requests it may make in one minute")
    created_at = MomentField()
    last_used_at = MomentField(null=True)
    revoked_at = MomentField(null=True)
    minute = models.BigIntegerField(default=0, help_text="the minute that `used` counts")
    used = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        """As the audit trail names it."""
        return Actor("api", str(self.pk))

    @property
    def source(self) -> str:
        """As the facts it tells name it."""
        return f"api:{self.pk}"

    @property
    def visible_branches(self) -> frozenset[str] | None:
        """None stands for every branch."""
        return None if self.sees_every_branch else frozenset(map(str, self.branches))
