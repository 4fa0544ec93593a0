"""What one person asked for and another has to agree to."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

MOVES: dict[str, frozenset[str]] = {
    "asked": frozenset({"approved", "turned_down", "expired"}),
    "approved": frozenset({"used", "turned_down", "expired"}),
    "turned_down": frozenset(),
    "used": frozenset(),
    "expired": frozenset(),
}
"""From each state, those that may follow. The state follows from the dates of a row."""


class Request(models.Model):
    """One thing to be done by a two-person power: just this, once, before it expires."""

    objects: ClassVar[models.Manager[Request]]

    power = models.CharField(max_length=64, db_index=True)
    what = models.JSONField(help_text="exactly what is to be done: keys and hashes")
    what_hash = models.CharField(max_length=64)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_by_id: int
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    approved_at = models.DateTimeField(null=True)
    alone = models.BooleanField(default=False, help_text="approved by the same person after a night")
    turned_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    turned_down_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(alone=True) | ~Q(approved_by=F("asked_by")),
                name="two_persons_are_two",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(approved_at__isnull=False), name="used_after_approval"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="approved_by_somebody_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.power} asked by staff {self.asked_by_id}"

    def state(self, at: datetime) -> str:
        """What it is at a moment: asked, approved, turned_down, used or expired."""
        if self.used_at:
            return "used"
        if self.turned_down_at:
            return "turned_down"
        if at >= self.expires_at:
            return "expired"
        return "approved" if self.approved_at else "asked"
