"""A strategy as it was published, what became of it step by step, and how it did in a trial."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tideover.access.models import Request
from tideover.book.fields import MomentField

MOVES: dict[str, frozenset[str]] = {
    "waiting": frozenset({"ramping", "live", "refused"}),
    "ramping": frozenset({"live", "taken_back"}),
    "live": frozenset({"retired", "taken_back"}),
    "refused": frozenset({"waiting"}),
    "retired": frozenset({"waiting", "live"}),
    "taken_back": frozenset({"waiting"}),
}
"""The life of a release: published by one person, it waits for another, goes live share by share, and is retired by the
next. What was retired comes back when the next is taken back; whatever is over may be published again."""

DECIDING = ("live", "ramping")
"""States of a release that decides for anybody."""

WHOLE = 100
"""The share of people, in percent, at which a release decides for everybody."""


class Release(models.Model):
    """A strategy as it was published: every file of it, under the hash that its decisions cite."""

    hash = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=200)
    says = models.TextField()
    files = models.JSONField(
        help_text="path in the strategy's folder, or below content/ the lender's own beside it: text"
    )
    carries_content = models.BooleanField(
        default=False, help_text="the lender's own content is part of it; else the folder counts as it is now"
    )
    cases = models.IntegerField(default=0, help_text="cases that passed when it was published")
    state = models.CharField(max_length=16, default="waiting")
    share = models.SmallIntegerField(default=0, help_text="percent of people it decides for")
    share_since = MomentField(null=True)
    held_by = models.CharField(
        max_length=200, default="", help_text="who keeps its share from growing; nobody when empty"
    )
    before = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", help_text="what was live before it"
    )
    before_id: str | None
    request = models.ForeignKey(
        Request,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="what a second person agrees to",
    )
    published_by = models.CharField(max_length=200)
    published_at = MomentField()
    approved_by = models.CharField(max_length=200, default="")
    approved_at = MomentField(null=True)
    live_from = MomentField(null=True)
    alone = models.BooleanField(default=False, help_text="no second person: a night passed instead")
    differs = models.JSONField(
        default=dict, help_text="files added, changed and removed against the one before"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(MOVES)), name="release_state_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="live") | models.Q(live_from__isnull=False),
                name="live_release_has_a_start",
            ),
            models.CheckConstraint(
                condition=models.Q(state="live", share=WHOLE)
                | models.Q(state="ramping", share__gt=0, share__lt=WHOLE, share_since__isnull=False)
                | (~models.Q(state__in=["live", "ramping"]) & models.Q(share=0)),
                name="release_share_goes_with_its_state",
            ),
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="live"), name="one_release_is_live"
            ),
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="ramping"), name="one_release_ramps"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.hash[:12]}"


class Move(models.Model):
    """What somebody did with a release, and when: added, never changed."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="moves")
    release_id: str
    what = models.CharField(
        max_length=16,
        help_text="published, approved, refused, share, held, let_go, whole_asked, taken_back, retired, restored",
    )
    share = models.SmallIntegerField(default=0)
    why = models.TextField(default="")
    by = models.CharField(max_length=200)
    at = MomentField()

    def __str__(self) -> str:
        return f"{self.release_id[:12]} {self.what}"


class Trial(models.Model):
    """A release tried on the lender's own book against what was live when it was published. Counts only, no person."""

    release = models.OneToOneField(Release, on_delete=models.CASCADE, related_name="trial")
    against = models.CharField(max_length=64, default="", help_text="the release it is compared with")
    state = models.CharField(max_length=16, default="waiting", help_text="waiting, running, done or failed")
    progress = models.CharField(max_length=200, default="")
    tries = models.SmallIntegerField(default=0)
    found = models.JSONField(default=dict, help_text="what it came to, in counts")
    at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "failed"]),
                name="trial_state_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.progress}"
