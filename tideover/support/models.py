"""Cases: what waits for a person of the lender. Each has an owner and a date."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce

from tideover.access.allowed import branches_of
from tideover.book.fields import DayField, MomentField, SealedField
from tideover.book.models import Person

KINDS: dict[str, str] = {
    "danger": "Somebody may be in danger; speak with her now.",
    "death": "A death was told; write one letter with condolence, and nothing else.",
    "bereaved": "Somebody close to her has died; when the quiet time is over, ask how she is.",
    "paid": "She says she has paid; find the payment.",
    "wrong_amount": "She says the amount is wrong; look at it and answer.",
    "not_me": "The address belongs to somebody else; find the right one by other means.",
    "cannot_pay": "She cannot pay now; find a way together.",
    "call_back": "She asked for a call.",
    "question": "She wrote something that a person should read.",
    "complaint": "She complains; acknowledge, look into it, answer with reasons.",
    "correct_data": "She says that something we keep about her is wrong; look at it, mend it, answer.",
    "erase_data": "She asks that what we keep about her goes; two people see to it, and she is told what stays and why.",
    "acts_for": "Somebody says that they act for a person; ask to see their power to act before you say anything.",
    "for_adviser": "Somebody speaks for her; say to them what there is to say, and not to her.",
    "for_her": "Since words of danger came nothing goes to her by itself; what a law says she must be told is yours to say.",
    "undelivered_duty": "What a law says she must be told has not arrived, or nobody knows; find another way before its day.",
    "undelivered": "What we owed her in answer did not arrive; find another way.",
    "not_sent": "Sending this message failed three times and it is set aside; look at it, and tell her in another way.",
    "correction": "What we told her was wrong, and no message could put it right; find another way.",
    "call": "A call that was decided on.",
    "visit": "A visit that was decided on.",
    "application_review": "She asks that a person looks again at a no; look at it and answer with reasons.",
}
"""Why a case was opened, and what is to be done."""

OF_MONEY = frozenset({"paid", "cannot_pay", "call_back", "question", "call", "visit"})
"""Kinds where a payment or a plan may come up. With a death, a danger, a dispute or somebody else who speaks, nobody asks for money."""

DAYS: dict[str, int] = {
    "danger": 0,
    "death": 1,
    "call_back": 1,
    "undelivered_duty": 1,
    "correction": 1,
    "call": 1,
    "visit": 2,
}
USUAL_DAYS = 3
"""Days until a case is due."""

MOVES: dict[str, frozenset[str]] = {
    "open": frozenset({"taken", "closed"}),
    "taken": frozenset({"open", "closed"}),
    "closed": frozenset(),
}


TASKS = ("call", "visit")
"""Kinds that a strategy decided on, and that may not be wanted any more before somebody comes to it."""

DUTY = "undelivered_duty"

FROM_ANSWER, FROM_MESSAGE = "answer-", "message-"
"""Before the number of the answer, or the message, that a case came from."""


OUTCOMES: dict[str, str] = {
    "solved": "Solved with the person",
    "day_promised": "A day was promised",
    "plan_agreed": "A plan was agreed",
    "already_paid": "It is paid",
    "corrected": "We were wrong, and mended it",
    "not_reached": "Nobody was reached",
    "passed_on": "Passed on to somebody else",
    "nothing_to_do": "There was nothing to do",
}
"""How a case can end."""


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases as a set."""

    def waiting(self) -> CaseQuerySet:
        """Those that are not closed, danger first, then deaths, then by date."""
        first = models.Case(models.When(kind="danger", then=0), models.When(kind="death", then=1), default=2)
        return self.exclude(state="closed").order_by(first, "due_on", "pk")

    def with_their_branch(self) -> CaseQuerySet:
        """Each with `branch_now`: the branch that looks after its person today, for cases go where she goes."""
        hers = Person.objects.filter(pk=models.OuterRef("person_id")).values("branch")
        return self.annotate(branch_now=Coalesce(models.Subquery(hers), "branch"))

    def visible_to(self, user: object) -> CaseQuerySet:
        """Those of the branches that this member of staff looks after."""
        branches = branches_of(user)
        return (
            self if branches is None else self.with_their_branch().filter(models.Q(branch_now__in=branches))
        )


class Case(models.Model):
    """One thing for a person to do about a person."""

    kind = models.CharField(max_length=32)
    person_id = models.CharField(max_length=200, db_index=True)
    subject = models.CharField(max_length=200, default="")
    branch = models.CharField(max_length=200, default="", db_index=True)
    said = SealedField(null=True, help_text="what she wrote or said")
    from_row = models.CharField(max_length=80, unique=True, help_text="the answer or message it came from")
    state = models.CharField(max_length=16, default="open")
    owner = models.CharField(max_length=200, default="", help_text="who sees to it, or will once it is begun")
    passed_by = models.CharField(max_length=200, default="", help_text="who gave it back last")
    due_on = DayField()
    opened_at = MomentField()
    closed_at = MomentField(null=True)
    outcome = models.CharField(max_length=64, default="")
    note = SealedField(null=True)
    facts_version = models.BigIntegerField(
        default=-1, help_text="of a task: what was written of her when it was last judged"
    )
    judge_again_at = MomentField(
        null=True, help_text="of a task: when more is known that was written already"
    )

    objects = CaseQuerySet.as_manager()

    OF_ANOTHER: ClassVar = {"said": ("death", "acts_for")}
    """Such a case was told by somebody else, with their name and how to reach them: not in what we hand out about her."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=sorted(MOVES)), name="case_state_is_known")
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on"], name="cases_waiting", condition=~models.Q(state="closed")),
            models.Index(fields=["owner", "branch"], name="cases_held", condition=~models.Q(state="closed")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def is_with_another_than(self, staff: models.Model) -> bool:
        """Somebody else has begun with it."""
        return self.state == "taken" and self.owner != str(staff.pk)
