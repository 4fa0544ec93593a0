"""The ledger's tables: what was told about money, and the journal that follows from it. Both are only ever added to.

Neither names a loan or a payment by its key: `LedgerLoan` and `LedgerPayment` are the only tie, and an erasure renames them.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tideover.book.fields import MomentField

KEY, CODE, CURRENCY = 200, 64, 3
KINDS = (
    "opened", "announced", "booked", "reversed", "refunded", "charged_back", "matched",
    "waived", "charged", "rested", "rescheduled", "written_off", "credit_returned", "paid_out",
)  # fmt: skip
"""What can be told about money."""


class LedgerLoan(models.Model):
    """A loan that the ledger keeps. Whoever writes about it holds this row."""

    objects: ClassVar[models.Manager[LedgerLoan]]

    loan_id = models.CharField(max_length=KEY, unique=True)
    currency = models.CharField(max_length=CURRENCY)
    written = models.CharField(
        max_length=64, default="", help_text="fingerprint of the schedule as last written"
    )


class LedgerPayment(models.Model):
    """A payment and the loan it pays; no loan while nobody has said which. Whoever tells of it holds this row."""

    objects: ClassVar[models.Manager[LedgerPayment]]

    payment_id = models.CharField(max_length=KEY, unique=True)
    loan = models.ForeignKey(LedgerLoan, on_delete=models.PROTECT, null=True)
    loan_id: int | None


class Told(models.Model):
    """One thing that somebody told about money, once."""

    objects: ClassVar[models.Manager[Told]]

    key = models.CharField(
        max_length=KEY, unique=True, help_text="kind, payment, and the teller's own number of it"
    )
    kind = models.CharField(max_length=CODE)
    loan = models.ForeignKey(LedgerLoan, on_delete=models.PROTECT, null=True)
    loan_id: int | None
    payment = models.ForeignKey(LedgerPayment, on_delete=models.PROTECT, null=True)
    payment_id: int | None
    amount = models.BigIntegerField(default=0, help_text="minor units")
    currency = models.CharField(max_length=CURRENCY, default="")
    way = models.CharField(max_length=CODE, default="")
    happened_at = MomentField(help_text="when it took place")
    at = MomentField(help_text="when we were told")
    detail = models.JSONField(default=dict)
    because = models.CharField(max_length=CODE, default="")
    by = models.CharField(max_length=KEY, default="", help_text="who told us, by key")
    source = models.CharField(max_length=CODE, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="a_known_kind_of_money_event"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="nothing_told_below_nothing"),
        ]


class Entry(models.Model):
    """What one thing told changed in one loan's accounts: postings that add up to nothing."""

    objects: ClassVar[models.Manager[Entry]]

    told = models.ForeignKey(Told, on_delete=models.PROTECT)
    told_id: int
    loan = models.ForeignKey(LedgerLoan, on_delete=models.PROTECT)
    loan_id: int
    kind = models.CharField(max_length=CODE)
    currency = models.CharField(max_length=CURRENCY)
    at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["told", "loan"], name="one_entry_a_loan_and_event")
        ]


class Posting(models.Model):
    """An amount on one account, in minor units of the entry's currency: above nothing a debit, below it a credit."""

    objects: ClassVar[models.Manager[Posting]]

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    loan = models.ForeignKey(LedgerLoan, on_delete=models.PROTECT)
    account = models.CharField(max_length=CODE)
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "account"], name="one_posting_an_account"),
            models.CheckConstraint(condition=~Q(amount=0), name="no_posting_of_nothing"),
        ]


ONLY_ADDED = ("repayment_ledger_told", "repayment_ledger_entry", "repayment_ledger_posting")
"""Tables whose rows stay as they were written."""
