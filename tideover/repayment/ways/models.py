"""Payments that somebody began, what providers told of them, links for others, mandates and what was taken by them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tideover.book.fields import DayField, MomentField, SealedField
from tideover.kit.money import Money

INTENT_MOVES: dict[str, frozenset[str]] = {
    "begun": frozenset({"announced", "paid", "failed", "given_back"}),
    "announced": frozenset({"paid", "failed", "given_back"}),
    "failed": frozenset({"announced", "paid", "given_back"}),  # another try on the same page
    "paid": frozenset({"given_back"}),
    "given_back": frozenset({"paid"}),  # a charge-back that was won
}
"""From begun to paid. A provider's news comes in any order, so that nothing is the end for ever."""

MANDATE_MOVES: dict[str, frozenset[str]] = {
    "active": frozenset({"paused", "ended"}),
    "paused": frozenset({"active", "ended"}),
    "ended": frozenset({"active", "paused"}),  # by undoing it, for a day
}

DEBIT_MOVES: dict[str, frozenset[str]] = {
    "noticed": frozenset({"sent", "left_out"}),
    "sent": frozenset({"settled", "returned"}),
    "settled": frozenset({"returned"}),  # eight weeks, thirteen months where there was no mandate
    "left_out": frozenset(),
    "returned": frozenset(),
}


def _state_is_one_of(moves: dict[str, frozenset[str]], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(state__in=sorted(moves)), name=name)


class Reference(models.Model):
    """Which loan a payment reference stands for. `id` is the loan's short number, for ways that carry digits alone."""

    objects: ClassVar[models.Manager[Reference]]

    loan_id = models.CharField(max_length=200, unique=True)
    reference = models.CharField(max_length=25, unique=True)
    fact_id = models.BigIntegerField(default=0, db_index=True, help_text="the row of the loan in the book")

    def __str__(self) -> str:
        return self.reference


class PayLink(models.Model):
    """A link by which somebody else pays. It shows a name, an amount and a word that she chose, and nothing of the loan."""

    objects: ClassVar[models.Manager[PayLink]]

    index = models.CharField(max_length=32, unique=True, help_text="blind index of the token")
    token = SealedField(help_text="shown to her again; found by its index")
    once = models.CharField(max_length=80, unique=True)
    person_id = models.CharField(max_length=200, db_index=True)
    loan_id = models.CharField(max_length=200)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    asks = SealedField(help_text="the name she wants to be shown by")
    word = SealedField(help_text="what it is for, in her word; may be empty")
    made_at = MomentField()
    until_at = MomentField()
    ended_at = MomentField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_link_asks_for_something")
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"

    @property
    def money(self) -> Money:
        """What is asked for in all."""
        return Money(self.amount, self.currency)


class Intent(models.Model):
    """A payment that somebody began: this loan, this amount, this way. Its key at the ledger is `payment_id`."""

    objects: ClassVar[models.Manager[Intent]]
    link_id: int | None

    code = models.CharField(max_length=32, unique=True)
    once = models.CharField(max_length=80, unique=True, help_text="the form it came from: twice is once")
    loan_id = models.CharField(max_length=200, db_index=True)
    person_id = models.CharField(
        max_length=200, default="", db_index=True, help_text="empty where somebody else pays"
    )
    link = models.ForeignKey(PayLink, null=True, on_delete=models.PROTECT, related_name="intents")
    way = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=16, default="begun")
    address = models.TextField(default="", help_text="the provider's page, where there is one")
    early = models.CharField(
        max_length=16,
        default="",
        help_text="what money beyond what is due is for; empty as the contract says",
    )
    refunded = models.BigIntegerField(default=0, help_text="told to the ledger as given back so far")
    arrived_as = models.CharField(
        max_length=16,
        default="",
        help_text="own or other: by which key a statement or a file counted its money; empty until one tells of it",
    )
    begun_at = MomentField()
    announced_at = MomentField(null=True)
    settled_at = MomentField(null=True)

    class Meta:
        constraints: ClassVar = [
            _state_is_one_of(INTENT_MOVES, "intent_state_is_known"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="an_intent_is_about_something"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def money(self) -> Money:
        """How much."""
        return Money(self.amount, self.currency)

    @property
    def payment_id(self) -> str:
        """Its key among the payments."""
        return f"intent-{self.code}"


class ProviderEvent(models.Model):
    """One thing that a provider told, kept once. What is not plainly about a payment of ours is set aside, with why."""

    objects: ClassVar[models.Manager[ProviderEvent]]

    way = models.CharField(max_length=64)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=32)
    intent = models.ForeignKey(Intent, null=True, on_delete=models.PROTECT, related_name="events")
    ref = models.CharField(max_length=200, default="", db_index=True)
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="")
    happened_at = MomentField()
    heard_at = MomentField()
    set_aside = models.CharField(max_length=32, default="", db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["way", "event_id"], name="an_event_is_heard_once")
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.event_id}"


class Mandate(models.Model):
    """Leave to take an instalment from an account on its day. She sees, pauses, moves and ends it herself."""

    objects: ClassVar[models.Manager[Mandate]]

    umr = models.CharField(max_length=35, unique=True, help_text="unique mandate reference")
    once = models.CharField(max_length=80, unique=True)
    person_id = models.CharField(max_length=200, db_index=True)
    loan_id = models.CharField(max_length=200, db_index=True)
    currency = models.CharField(max_length=3)
    account = SealedField()
    account_end = models.CharField(max_length=4, help_text="its last four digits, for her and for staff")
    holder = SealedField()
    bank = models.CharField(max_length=11, default="")
    state = models.CharField(max_length=16, default="active")
    days_later = models.SmallIntegerField(
        default=0, help_text="days after the due day on which money is taken"
    )
    signed_at = MomentField()
    text_hash = models.CharField(max_length=64, help_text="of the words she agreed to")
    language = models.CharField(max_length=16)
    ended_at = MomentField(null=True)
    is_used = models.BooleanField(default=False, help_text="money was taken by it once: first or recurring")

    class Meta:
        constraints: ClassVar = [
            _state_is_one_of(MANDATE_MOVES, "mandate_state_is_known"),
            models.UniqueConstraint(
                fields=["loan_id"], condition=~models.Q(state="ended"), name="one_mandate_a_loan"
            ),
            models.CheckConstraint(
                condition=models.Q(days_later__gte=0, days_later__lte=10), name="a_debit_is_moved_by_days"
            ),
        ]

    def __str__(self) -> str:
        return self.umr


class MandateChange(models.Model):
    """What was done with a mandate, and how it stood before: the last one can be undone for a day."""

    objects: ClassVar[models.Manager[MandateChange]]

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=16)
    state_before = models.CharField(max_length=16)
    days_before = models.SmallIntegerField()
    at = MomentField()
    undone_at = MomentField(null=True)

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"


class DebitFile(models.Model):
    """One pain.008 message: the bank's file of a day."""

    objects: ClassVar[models.Manager[DebitFile]]

    message_id = models.CharField(max_length=35, unique=True)
    made_at = MomentField()
    xml = SealedField()
    laid_at = MomentField(null=True, help_text="when it was laid into the folder; nothing: it waits to be")

    def __str__(self) -> str:
        return self.message_id


class Debit(models.Model):
    """One instalment to be taken by mandate: told first, then sent, then settled or returned."""

    objects: ClassVar[models.Manager[Debit]]
    mandate_id: int

    end_to_end = models.CharField(max_length=35, unique=True)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="debits")
    number = models.IntegerField(help_text="the instalment")
    attempt = models.SmallIntegerField(default=1)
    amount = models.BigIntegerField()
    due_on = DayField(help_text="the day on which money is taken")
    state = models.CharField(max_length=16, default="noticed")
    because = models.CharField(max_length=32, default="", help_text="why it was left out or returned")
    noticed_at = MomentField()
    file = models.ForeignKey(DebitFile, null=True, on_delete=models.PROTECT, related_name="debits")
    returned_at = MomentField(null=True)

    class Meta:
        constraints: ClassVar = [
            _state_is_one_of(DEBIT_MOVES, "debit_state_is_known"),
            models.UniqueConstraint(
                fields=["mandate", "number", "attempt"], name="an_instalment_is_taken_once"
            ),
            models.CheckConstraint(condition=models.Q(attempt__in=(1, 2)), name="one_retry_at_most"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_debit_takes_something"),
        ]

    def __str__(self) -> str:
        return self.end_to_end

    @property
    def payment_id(self) -> str:
        """Its key among the payments."""
        return f"debit-{self.end_to_end}"


class BranchReceipt(models.Model):
    """Money taken in person, and the number on the paper that was handed over."""

    objects: ClassVar[models.Manager[BranchReceipt]]

    number = models.CharField(max_length=80, unique=True)
    branch = models.CharField(max_length=200, db_index=True)
    place = models.IntegerField(help_text="1, 2, 3 ... in the branch: none is missing")
    once = models.CharField(max_length=80, unique=True)
    loan_id = models.CharField(max_length=200)
    person_id = models.CharField(max_length=200, help_text="whose loan it is")
    kind = models.CharField(max_length=16, choices=[("cash", "cash"), ("cheque", "cheque")])
    cheque_number = models.CharField(max_length=32, default="")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    taken_by = models.CharField(max_length=200)
    taken_at = MomentField()
    cleared_at = MomentField(null=True)
    bounced_at = MomentField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["branch", "place"], name="receipts_are_counted"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_receipt_is_about_something"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def money(self) -> Money:
        """How much."""
        return Money(self.amount, self.currency)

    @property
    def payment_id(self) -> str:
        """Its key among the payments."""
        return f"receipt-{self.number}"


class PaymentFile(models.Model):
    """A file of payments that was taken in, by what it holds: the same one twice changes nothing."""

    objects: ClassVar[models.Manager[PaymentFile]]

    digest = models.CharField(max_length=64, unique=True)
    mapping = models.CharField(max_length=64)
    taken_at = MomentField()
    booked = models.IntegerField()
    known = models.IntegerField()
    set_aside = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.mapping} {self.pk}"


class RowSetAside(models.Model):
    """A row of a payment file that could not be used; a person looks at it in the file itself."""

    objects: ClassVar[models.Manager[RowSetAside]]

    file = models.ForeignKey(PaymentFile, on_delete=models.CASCADE, related_name="rows")
    row = models.IntegerField()
    why = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.row} {self.why}"
