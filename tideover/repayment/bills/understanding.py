"""Whether terms are understood: counted by question and day, with nobody's name, for the lender to mend its words."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F, Sum

from tideover.repayment.bills.models import Understood

QUESTIONS = ("rate", "next_payment", "total_cost", "late_cost", "whom_to_ask")
"""Five terms that a person should know of her loan."""


@transaction.atomic
def count_answer(*, question: str, is_understood: bool, on: date) -> None:
    """One more person was asked. Nothing else follows from it: no decision can see this table."""
    row, _ = Understood.objects.get_or_create(question=question, on=on)
    Understood.objects.filter(pk=row.pk).update(
        asked=F("asked") + 1, understood=F("understood") + int(is_understood)
    )


def share_understood(since: date) -> dict[str, float]:
    """By question: how many understood it at once, from a day on."""
    rows = Understood.objects.filter(on__gte=since).values_list("question").order_by("question")
    sums = rows.annotate(Sum("asked"), Sum("understood"))
    return {question: understood / asked for question, asked, understood in sums if asked}
