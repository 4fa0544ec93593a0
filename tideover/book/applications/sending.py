"""Documents that arrive: checked, sealed, kept once, and told of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.access.sealing import opened_bytes, sealed_bytes
from tideover.book.applications.applying import hers
from tideover.book.applications.lifecycle import DOCUMENT_CAME, DRAFT, IS_OPEN
from tideover.book.applications.milestones import PERSON, reached
from tideover.book.applications.models import (
    ARRIVED,
    DOCUMENT_MOVES,
    Application,
    NeededDocument,
    Upload,
    UploadContent,
)
from tideover.book.applications.refusals import NotNow, NotThere
from tideover.book.applications.uploads import UploadRefused, checked, clean_file_name
from tideover.book.surrogates import surrogate_of

MOST_A_DOCUMENT = 8
"""Files: the pages of one paper."""


@dataclass(frozen=True)
class Sent:
    """A file as it came in."""

    file: BinaryIO
    name: str


def send_document(*, person_id: str, application_id: str, kind: str, sent: Sent, at: datetime) -> Upload:
    """Take a file in for a document that is needed; the same file twice is one. Raises UploadRefused, NotThere, NotNow."""
    safe = checked(sent.file)  # outside the transaction: decoding takes long
    with transaction.atomic():
        application = hers(person_id, application_id)
        document = _needed(application, kind)
        known = document.uploads.filter(sha256=safe.sha256).first()
        if known is not None:
            return known
        if document.uploads.count() >= MOST_A_DOCUMENT:
            raise UploadRefused("too_many", "There are as many files as we take for this.")
        made = Upload.objects.create(
            document=document, person_id=person_id, sha256=safe.sha256, media_type=safe.media_type,
            size=len(safe.content), name=clean_file_name(sent.name), sent_at=at,
        )  # fmt: skip
        UploadContent.objects.create(upload=made, person_id=person_id, sealed=sealed_bytes(safe.content))
        _arrived(application, document, at)
        return made


def content_of(upload: Upload) -> bytes:
    """What was kept of it."""
    return opened_bytes(bytes(UploadContent.objects.get(pk=upload.pk).sealed))


def upload_of(person_id: str, application_id: str, upload_id: int) -> Upload | None:
    """A file of hers; None where it is nobody's or not hers."""
    rows = Upload.objects.filter(person_id=person_id, document__application_id=application_id)
    return rows.filter(pk=upload_id).first()


def _needed(application: Application, kind: str) -> NeededDocument:
    document = application.documents.select_for_update().filter(kind=kind).first()
    if document is None:
        raise NotThere("This document is not needed for the application.")
    if application.state not in IS_OPEN or (
        document.state != ARRIVED and ARRIVED not in DOCUMENT_MOVES[document.state]
    ):
        raise NotNow("This document is settled; nothing more is needed.")
    return document


def _arrived(application: Application, document: NeededDocument, at: datetime) -> None:
    if document.state != ARRIVED:
        document.state, document.note = ARRIVED, None
        document.save(update_fields=["state", "note"])
    application.last_document = document.kind
    application.save(update_fields=["last_document"])
    if application.state != DRAFT:
        reached(application, DOCUMENT_CAME, source=PERSON, at=at)
    her = surrogate_of(application.person_id)
    note(
        action="document_sent", by=person_actor(her), at=at, about=her,
        detail={"application": application.pk, "document": document.kind},
    )  # fmt: skip
