"""An application with what was answered, the documents it takes, and what was sent of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tideover.access.allowed import branches_of
from tideover.book.applications.lifecycle import MOVES
from tideover.book.fields import DayField, MomentField, SealedField
from tideover.book.models import Person

ASKED, ARRIVED, ACCEPTED, NOT_READABLE = "asked", "received", "accepted", "not_readable"
DOCUMENT_MOVES: dict[str, frozenset[str]] = {
    ASKED: frozenset({ARRIVED}),
    ARRIVED: frozenset({ACCEPTED, NOT_READABLE}),
    ACCEPTED: frozenset({NOT_READABLE}),
    NOT_READABLE: frozenset({ARRIVED, ACCEPTED}),
}
STILL_MISSING = frozenset({ASKED, NOT_READABLE})


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications as a set."""

    def visible_to(self, user: object) -> ApplicationQuerySet:
        """Those of people whom this member of staff looks after."""
        branches = branches_of(user)
        if branches is None:
            return self
        return self.filter(person_id__in=Person.objects.in_branches(branches).values("person_id"))


class Application(models.Model):
    """What somebody asked for. `amount` in minor units of `currency`; `answers` is JSON, sealed."""

    application_id = models.CharField(primary_key=True, max_length=200)
    person_id = models.CharField(max_length=200, db_index=True)
    product = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField(null=True)
    answers = SealedField(help_text="JSON by question")
    state = models.CharField(max_length=32, default="draft")
    state_before = models.CharField(
        max_length=32, default="", help_text="where it stood before she withdrew it"
    )
    begun_at = MomentField()
    sent_at = MomentField(null=True)
    reply_by_on = DayField(null=True)
    last_document = models.CharField(max_length=64, default="", help_text="the kind that arrived last")
    decided_at = MomentField(null=True)
    reasons = models.JSONField(default=list, help_text="codes of a no")
    sources = SealedField(null=True, help_text="JSON: whose data was used, and how to reach them")
    said_no_by = models.JSONField(default=list, help_text="keys of staff who said no, the first first")
    review_asked_at = MomentField(null=True)
    withdrawn_at = MomentField(null=True)
    loan_id = models.CharField(max_length=200, default="")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(MOVES)), name="application_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(amount=None) | models.Q(amount__gt=0), name="application_amount"
            ),
            models.UniqueConstraint(
                fields=["person_id", "product"], condition=models.Q(state="draft"), name="one_draft_a_product"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "sent_at"], name="applications_waiting")]

    def __str__(self) -> str:
        return self.application_id


class NeededDocument(models.Model):
    """A document that the application takes. `note` says in plain words what is wrong with what came."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="documents")
    person_id = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=64)
    state = models.CharField(max_length=16, default=ASKED)
    note = SealedField(null=True)
    asked_at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "kind"], name="one_document_a_kind"),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(DOCUMENT_MOVES)), name="document_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.kind}"


class Upload(models.Model):
    """A file she sent, as it is kept after it was checked and written anew. `sha256` is of what she sent."""

    document = models.ForeignKey(NeededDocument, on_delete=models.CASCADE, related_name="uploads")
    person_id = models.CharField(max_length=200, db_index=True)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=32)
    size = models.IntegerField(help_text="bytes as kept")
    name = SealedField(help_text="the name it had, cleaned, to recognise it by; never a path")
    sent_at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "sha256"], name="a_file_is_kept_once")
        ]

    def __str__(self) -> str:
        return f"upload {self.pk}"


class UploadContent(models.Model):
    """The bytes, sealed; read only when somebody opens the file. Backups and erasure find them where everything else lies."""

    upload = models.OneToOneField(Upload, on_delete=models.CASCADE, primary_key=True, related_name="content")
    person_id = models.CharField(max_length=200, db_index=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"content of {self.upload_id}"


TERMS_MOVES: dict[str, frozenset[str]] = {
    "offered": frozenset({"agreed", "refused", "replaced"}),
    "refused": frozenset(),
    "agreed": frozenset(),
    "replaced": frozenset(),
}


class OfferedTerms(models.Model):
    """The terms of a loan before there is one. `terms` holds amounts in minor units, and the schedule as it was read."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="offered_terms")
    person_id = models.CharField(max_length=200, db_index=True)
    terms = models.JSONField()
    key = models.CharField(max_length=32, help_text="names just these terms")
    state = models.CharField(max_length=16, default="offered")
    offered_at = MomentField()
    offered_by = models.CharField(max_length=80)
    answered_at = MomentField(null=True)
    name = SealedField(null=True, help_text="with which she agreed")
    language = models.CharField(max_length=35, default="", help_text="in which she read them")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(TERMS_MOVES)), name="offered_terms_state_is_known"
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(state__in=["offered", "agreed"]),
                name="one_offer_of_terms_stands",
            ),
        ]

    def __str__(self) -> str:
        return f"terms {self.pk}"
