"""What banks told: files, the statements in them, each line once, and by which signs a line is known again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tideover.book.fields import DayField, MomentField, SealedField
from tideover.kit.money import Money

MOVES: dict[str, frozenset[str]] = {
    "read": frozenset({"matched", "waiting", "out", "returned", "withdrawn", "told_apart"}),
    "pending": frozenset(),  # a booked line takes its place
    "waiting": frozenset({"matched", "kept", "sent_back", "returned", "withdrawn", "told_apart"}),
    "kept": frozenset({"waiting", "matched", "withdrawn"}),
    "matched": frozenset({"waiting", "returned", "withdrawn"}),
    "sent_back": frozenset(),
    "returned": frozenset(),
    "out": frozenset({"withdrawn"}),
    "told_apart": frozenset(),
    "withdrawn": frozenset(),
}
"""How a line goes on: money that came is matched with a loan, or waits for a person; nothing is ever dropped."""

STATES: dict[str, str] = {
    "read": "Read, not looked at yet.",
    "pending": "On its way; it counts for nothing until the bank books it.",
    "waiting": "Waits for a person.",
    "kept": "Kept on the account of money whose loan is not known.",
    "matched": "Paid to a loan.",
    "sent_back": "Sent back to whoever paid.",
    "returned": "Went back: a payment that came in before was returned.",
    "out": "Went out; no loan is concerned.",
    "told_apart": "A sum of several payments, each of which is a line of its own now.",
    "withdrawn": "The bank's corrected statement has it no more.",
}
COUNTS_NOT = ("pending", "told_apart", "withdrawn")
"""States of lines that are no movement of the account."""


class StatementFile(models.Model):
    """One file, read once. `counts` says what came of it; `doubts` where its sums do not agree and what was set aside."""

    objects: ClassVar[models.Manager[StatementFile]]

    digest = models.CharField(max_length=64, unique=True)
    name = SealedField()
    kind = models.CharField(max_length=16)
    read_at = MomentField()
    is_done = models.BooleanField(default=False)
    by = models.CharField(max_length=200, default="")
    counts = models.JSONField(default=dict)
    doubts = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"file {self.pk}"


class Sheet(models.Model):
    """A statement of one account within a file. Amounts in minor units; what the bank does not tell is unknown."""

    objects: ClassVar[models.Manager[Sheet]]

    file = models.ForeignKey(StatementFile, on_delete=models.CASCADE, related_name="sheets")
    account = models.CharField(max_length=64, db_index=True)
    number = models.CharField(max_length=64, default="")
    currency = models.CharField(max_length=3, default="")
    opening = models.BigIntegerField(null=True)
    closing = models.BigIntegerField(null=True)
    total = models.BigIntegerField(default=0, help_text="all its booked lines together")
    first_on = DayField(null=True)
    last_on = DayField(null=True)

    def __str__(self) -> str:
        return f"sheet {self.pk}"

    @property
    def agrees(self) -> bool:
        """Its balances are told, and the lines between them lead from one to the other."""
        return (
            self.opening is not None
            and self.closing is not None
            and self.opening + self.total == self.closing
        )


class StatementLine(models.Model):
    """One movement of an account. Above nothing it came in. Who paid and what they wrote is sealed."""

    objects: ClassVar[models.Manager[StatementLine]]

    file = models.ForeignKey(StatementFile, on_delete=models.PROTECT, related_name="lines")
    file_id: int
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, null=True)
    sheet_id: int | None
    seen_in = models.BigIntegerField(help_text="the last file that had it")
    account = models.CharField(max_length=64)
    booked_on = DayField()
    value_on = DayField()
    amount = models.BigIntegerField(help_text="minor units")
    currency = models.CharField(max_length=3)
    bank_id = models.CharField(max_length=64, default="")
    content = models.CharField(max_length=32, help_text="fingerprint of what the bank does not change")
    entry = models.CharField(max_length=32, help_text="fingerprint of the booking it is a part of")
    entry_ref = models.CharField(max_length=64, default="")
    parts = models.IntegerField(default=1)
    end_to_end = models.CharField(max_length=32, default="", help_text="blind index")
    payer = models.CharField(
        max_length=32, default="", db_index=True, help_text="blind index of the other account"
    )
    is_reversal = models.BooleanField(default=False)
    was_pending = models.BooleanField(default=False)
    return_code = models.CharField(max_length=16, default="")
    told = SealedField(help_text="name, other account, words and references, as JSON")
    state = models.CharField(max_length=16, default="read")
    loan_id = models.CharField(max_length=200, default="", db_index=True)
    why = models.CharField(max_length=64, default="", help_text="by what it was matched, or why it waits")
    candidates = models.JSONField(default=list)
    payment_id = models.CharField(max_length=64, default="", db_index=True, help_text="its key at the ledger")
    tries = models.IntegerField(default=0, help_text="how often a match was undone")
    moved_at = MomentField(null=True)
    by = models.CharField(max_length=200, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(MOVES)), name="a_known_state_of_a_line"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="matched") | ~models.Q(loan_id=""),
                name="what_is_matched_names_a_loan",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "booked_on", "amount"], name="lines_of_a_day"),
            models.Index(fields=["state", "booked_on"], name="lines_by_state"),
            models.Index(fields=["file", "state"], name="lines_of_a_file"),
        ]

    def __str__(self) -> str:
        return f"line {self.pk}"

    @property
    def money(self) -> Money:
        """How much, whichever way it went."""
        return Money(abs(self.amount), self.currency)


class LineKey(models.Model):
    """A sign by which a line is known again: everything it says, and the how-manieth of that it is in one file.

    Three equal transfers on a day are three lines; the same file read again has three again. A line whose number or day
    the bank changed has a key for each.
    """

    objects: ClassVar[models.Manager[LineKey]]

    exact = models.CharField(max_length=32)
    occurrence = models.IntegerField()
    line = models.ForeignKey(StatementLine, on_delete=models.CASCADE, related_name="keys")
    line_id: int

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exact", "occurrence"], name="a_line_is_known_once")
        ]

    def __str__(self) -> str:
        return f"key {self.pk}"


class MatchKey(models.Model):
    """A word by which payers name a loan or themselves: a reference, the loan's key, a name. Folded and blind."""

    objects: ClassVar[models.Manager[MatchKey]]

    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=32)
    person_id = models.CharField(max_length=200, default="", db_index=True)
    loan_id = models.CharField(max_length=200, default="", help_text="empty for a name")
    of = models.CharField(max_length=32, default="", help_text="the index of the name it was made of")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "person_id", "loan_id"], name="one_word_of_a_kind_each")
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "key"], name="found_by_its_word")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
