"""The outbox: every message from the decision to what became of it. One lease queue, on the database itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tideover.access.models import Request
from tideover.book.fields import MomentField, PackedField, SealedField
from tideover.strategy.models import Decision

MOVES: dict[str, frozenset[str]] = {
    "queued": frozenset({"claimed", "suppressed", "unknown"}),
    "claimed": frozenset({"queued", "sending", "suppressed", "unknown"}),
    "sending": frozenset({"accepted", "rejected", "unknown", "queued"}),
    "unknown": frozenset({"queued", "accepted", "rejected"}),
    "accepted": frozenset({"rejected"}),
    "rejected": frozenset(),
    "suppressed": frozenset(),
}
"""`unknown` from `queued` only after a backup was restored. `queued` again from `sending` only where the provider said it
had not taken the message. A late receipt may still tell what became of an unknown one, and a bounce may follow an
acceptance."""

ENDED = frozenset({"accepted", "rejected", "suppressed", "unknown"})
KEPT_BACK = ("suppressed", "rejected")
"""States of a contact that did not reach anybody."""


EACH_ITS_OWN = (
    "reply", "correction", "sign_in_code", "opt_out_confirmed", "complaint_received", "change_asked", "invited_to_act",
    "promise_confirmed", "plan_agreed",
)  # fmt: skip
"""Purposes of which a person may get several a day: each answers something else that she or one of us did."""

MAY_REACH = ~models.Q(state__in=KEPT_BACK) | models.Q(maybe_twice=True)
"""Will leave, has left or may have: what takes the place of a message that was kept back is no second one of that day."""

TO_LOOK_AT = (
    models.Q(channel__in=("call", "visit"), state="accepted")
    | models.Q(purpose_class="duty", state__in=("rejected", "suppressed", "unknown"))
    | models.Q(because="workers_died")
    | models.Q(purpose="correction", state__in=("rejected", "suppressed"))
    | models.Q(purpose_class__in=("answer", "receipt", "status"), state__in=("rejected", "suppressed"))
)
"""How a message may end that a person must see to: a task, a duty nobody was told of, a fault, what we owed that did not arrive."""


class Message(models.Model):
    """One contact with one person. `contact_id` is its key among the facts."""

    contact_id = models.CharField(max_length=200, unique=True)
    decision = models.ForeignKey(Decision, on_delete=models.SET_NULL, null=True)
    person_id = models.CharField(max_length=200, db_index=True)
    purpose = models.CharField(max_length=64)
    purpose_class = models.CharField(max_length=32)
    subject = models.CharField(max_length=200, default="")
    channel = models.CharField(max_length=32)
    send_at = MomentField()
    use_by = MomentField()
    local_day = models.IntegerField()
    occasion = models.JSONField(default=dict, help_text="what it is about besides the subject, for the words")
    state = models.CharField(max_length=16, default="queued")
    because = models.CharField(max_length=200, default="", help_text="why it was suppressed or rejected")
    due_at = MomentField(help_text="when a worker should look at it")
    worker = models.CharField(max_length=80, default="")
    lease_until = MomentField(null=True)
    fence = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0, help_text="tries in vain")
    deaths = models.IntegerField(default=0, help_text="workers in a row that have not lived to judge it")
    resend = models.BooleanField(default=False)
    maybe_twice = models.BooleanField(default=False)
    message_id = models.CharField(max_length=200)
    code = models.CharField(
        max_length=16, db_index=True, help_text="by which a person checks that it is ours"
    )
    language = models.CharField(max_length=35, default="")
    address_id = models.CharField(max_length=200, default="")
    body = PackedField(null=True)
    template = models.CharField(
        max_length=64, default="", db_index=True, help_text="hash of the words it was made of"
    )
    reference = models.CharField(max_length=300, default="", db_index=True)
    ended_at = MomentField(null=True, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_id", "purpose", "subject", "local_day"],
                name="one_message_a_day_of_a_kind",
                condition=~models.Q(purpose__in=EACH_ITS_OWN) & MAY_REACH,
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(MOVES)), name="message_state_is_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["channel", "due_at", "id"],
                name="messages_due_by_channel",
                condition=models.Q(state="queued"),
            ),
            models.Index(
                fields=["lease_until"],
                name="messages_leased",
                condition=models.Q(state__in=("claimed", "sending")),
            ),
            models.Index(fields=["use_by"], name="messages_by_use_by", condition=models.Q(state="queued")),
            models.Index(
                fields=["use_by"],
                name="duties_waiting",
                condition=models.Q(state="queued", purpose_class="duty"),
            ),
            models.Index(fields=["ended_at"], name="messages_to_look_at", condition=TO_LOOK_AT),
            models.Index(fields=["message_id"], name="messages_by_our_name"),
            models.Index(fields=["send_at"], name="messages_by_day"),
        ]

    def __str__(self) -> str:
        return self.contact_id


class FurtherPart(models.Model):
    """What a network calls a part, after the first, of a long text message: a receipt may cite it."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE)
    reference = models.CharField(max_length=300, db_index=True)

    def __str__(self) -> str:
        return self.reference


class Reported(models.Model):
    """A message that somebody holds for false. Others are warned once one of us has looked at it."""

    text = SealedField()
    sender = SealedField(null=True, help_text="number or address it came from, as the person wrote it")
    person_id = models.CharField(max_length=200, default="", help_text="empty where a stranger told us")
    once = models.CharField(max_length=64, unique=True)
    at = MomentField()
    warning = models.CharField(
        max_length=300, default="", help_text="what others are told, in the words of whoever looked"
    )
    warned_at = MomentField(null=True)
    warned_until = MomentField(null=True, db_index=True)
    dismissed_at = MomentField(null=True)

    def __str__(self) -> str:
        return f"reported {self.pk}"


class TextPart(models.Model):
    """A part of a long text message that somebody sent, kept until the others are here."""

    person_id = models.CharField(max_length=200, db_index=True)
    channel = models.CharField(max_length=32)
    mark = models.IntegerField(help_text="what the parts of one message share")
    total = models.IntegerField()
    number = models.IntegerField()
    coding = models.IntegerField(help_text="the alphabet, as SMPP numbers it")
    data = SealedField(help_text="its bytes in hexadecimal")
    at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_id", "channel", "mark", "total", "number"], name="one_part_of_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.total}"


class Answer(models.Model):
    """What came back from a person, in any channel, as it was read."""

    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True)
    person_id = models.CharField(max_length=200, db_index=True)
    channel = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    certain = models.BooleanField()
    danger = models.BooleanField(default=False)
    also = models.JSONField(default=list, help_text="what else it seems to say")
    text = SealedField(null=True)
    sender = SealedField(null=True, help_text="where a death is told, the number or mailbox it came from")
    at = MomentField()
    outside_id = models.CharField(
        max_length=200, unique=True, help_text="the same answer twice is one answer"
    )

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"

    @property
    def tells_of_a_death(self) -> bool:
        """Whatever else it says."""
        return "death" in (self.kind, *self.also)


class Unplaced(models.Model):
    """What somebody said whom nobody knows: the words until a case holds them, a stop by its blind index ever after."""

    channel = models.CharField(max_length=32)
    index = models.CharField(max_length=32, db_index=True, help_text="the sender, found without being read")
    sender = SealedField(null=True)
    text = SealedField(null=True)
    is_danger = models.BooleanField(default=False)
    is_death = models.BooleanField(default=False)
    is_stop = models.BooleanField(default=False)
    at = MomentField()
    outside_id = models.CharField(max_length=200, unique=True, help_text="the same words twice are kept once")

    def __str__(self) -> str:
        return f"unplaced {self.pk}"


class Correction(models.Model):
    """What was told wrong, and to whom: everybody whom one of these messages reached gets what puts it right, once."""

    purpose = models.CharField(max_length=64, default="")
    template = models.CharField(
        max_length=64, default="", help_text="hash of the words of the wrong messages"
    )
    release = models.CharField(max_length=64, default="", help_text="hash of the strategy that decided them")
    channel = models.CharField(max_length=32, default="")
    since = MomentField(null=True)
    until = MomentField(null=True)
    says = models.TextField(help_text="what was wrong, for colleagues; names nobody")
    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="+")
    decided_at = MomentField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(purpose="", template="", release=""),
                name="correction_names_what_was_wrong",
            )
        ]

    def __str__(self) -> str:
        return f"correction {self.pk}"


class Corrected(models.Model):
    """One person who got what was wrong: the message that puts it right, or what forbids it."""

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="people")
    person_id = models.CharField(max_length=200, db_index=True)
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, help_text="the wrong one")
    decision_id = models.CharField(max_length=240, default="", db_index=True)
    forbidden_by = models.TextField(default="", help_text="the rule, hold or wish in the way")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["correction", "person_id"], name="one_correction_a_person"),
            models.CheckConstraint(
                condition=models.Q(decision_id="") ^ models.Q(forbidden_by=""), name="corrected_or_forbidden"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.correction_id} {self.pk}"


class Series(models.Model):
    """The rounds of sending, numbered. One row a database; a copy of the database has the same key and an older number."""

    one = models.BooleanField(default=True, unique=True)
    key = models.CharField(max_length=32)
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key} {self.last}"


class Volume(models.Model):
    """What the volume brake counted last, and what was lined up since. One row; whoever looks holds it."""

    one = models.BooleanField(default=True, unique=True)
    looked_on = models.IntegerField(default=0, help_text="day number, in UTC")
    lined_up = models.JSONField(default=dict, help_text="day number: purpose and class: messages")
    busiest = models.JSONField(default=dict, help_text="purpose: most messages on one of the days before")
    busiest_in_all = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"looked on {self.looked_on}"
