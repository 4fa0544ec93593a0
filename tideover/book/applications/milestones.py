"""A step of an application becomes a fact; within a minute it is a message, and at once it stands on the tracker."""

from __future__ import annotations

from datetime import datetime

from tideover.book.actions import record
from tideover.book.applications.models import Application

PERSON, STAFF = "person", "staff"


def reached(application: Application, step: str, *, source: str, at: datetime) -> None:
    """The application has reached a step. Reached again, the later day counts."""
    row = {
        "application_id": application.pk, "person_id": application.person_id, "product": application.product,
        "step": step, "at": at,
    }  # fmt: skip
    record("milestones", [row], source=source, at=at)
