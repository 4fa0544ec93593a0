"""Promises with their parts: one act of a person, one part for each loan, each with its own end."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tideover.book.fields import DayField, MomentField

MOVES: dict[str, frozenset[str]] = {
    "open": frozenset({"kept", "partly_kept", "broken", "replaced", "withdrawn"}),
    "kept": frozenset(),
    "partly_kept": frozenset(),
    "broken": frozenset(),
    "replaced": frozenset({"open"}),
    "withdrawn": frozenset(),
}
"""A replaced one is open again where the one in its place is undone."""

IN_FACTS = {
    "kept": "kept",
    "partly_kept": "broken",
    "broken": "broken",
    "replaced": "replaced",
    "withdrawn": "withdrawn",
}
"""The contract calls a partly kept promise broken, with the amount that was kept."""


class Promise(models.Model):
    """A day that a person chose, for one loan or several."""

    person_id = models.CharField(max_length=200, db_index=True)
    on = DayField()
    origin = models.CharField(max_length=16)
    by = models.CharField(max_length=80, help_text="who wrote it down, by key")
    made_at = MomentField()
    replaces: models.ManyToManyField[Part, Part] = models.ManyToManyField("Part", related_name="+")

    def __str__(self) -> str:
        return f"promise-{self.pk}"


class Part(models.Model):
    """What was promised for one loan; amounts in minor units of its currency."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="parts")
    person_id = models.CharField(max_length=200)
    subject = models.CharField(max_length=200, help_text="the loan")
    currency = models.CharField(max_length=8)
    amount = models.BigIntegerField()
    paid_before = models.BigIntegerField(help_text="allocated to the loan's instalments when it was made")
    over_at = MomentField(help_text="when the day and the days a payment takes are over")
    judge_at = MomentField(help_text="when to look at it; later than that while something is not known yet")
    state = models.CharField(max_length=16, default="open")
    kept_amount = models.BigIntegerField(null=True)
    ended_at = MomentField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(MOVES)), name="promise_state_is_known"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="promise_is_of_something"),
            models.UniqueConstraint(
                fields=["person_id", "subject"],
                condition=models.Q(state="open"),
                name="one_open_promise_a_loan",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["judge_at"], name="promises_to_judge", condition=models.Q(state="open")),
            models.Index(fields=["subject"], name="promises_of_a_loan"),
        ]

    def __str__(self) -> str:
        return f"promise-{self.promise_id}-{self.pk}"

    def move(self, state: str) -> None:
        """Into another state, where the table allows it."""
        if state not in MOVES[self.state]:
            raise ValueError(f"A promise that is {self.state} cannot become {state}.")
        self.state = state
