"""What pages of an application show, in the reader's language."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from tideover.book.applications.lifecycle import APPROVED, DECLINED
from tideover.book.applications.models import NeededDocument
from tideover.book.applications.offered import Offered, in_english_else, read_offered
from tideover.book.applications.tracking import Journey, Milestone
from tideover.book.applications.usual import Usual
from tideover.engine.message import PageWords


@dataclass(frozen=True)
class ShownStep:
    """A milestone with the words of the page. `usual` in days; None where it is not said."""

    milestone: Milestone
    name: str
    usual: int | None

    @property
    def state(self) -> str:
        return self.milestone.state

    @property
    def on(self) -> date | None:
        return self.milestone.on


@dataclass(frozen=True)
class ShownDocument:
    """A needed document by its name."""

    kind: str
    name: str
    why: str
    state: str
    note: str


def offered() -> Offered:
    """What this lender offers."""
    return read_offered(settings.CONTENT)


def way_of(journey: Journey, usual: Usual, words: PageWords) -> list[ShownStep]:
    """The steps in words; how long one usually takes is said of the steps ahead."""
    return [
        ShownStep(
            it,
            words.say(f"tracker.steps.{it.code}"),
            usual.get(_counted(it.code)) if it.state == "next" else None,
        )
        for it in journey.way
    ]


def _counted(code: str) -> str:
    return APPROVED if code in ("decision", DECLINED) else code


def product_of(journey: Journey, words: PageWords) -> str:
    """What she applied for, by name."""
    return offered().product_named(journey.product, words.tag) or words.say("tracker.a_loan")


def documents_of(documents: tuple[NeededDocument, ...], words: PageWords) -> list[ShownDocument]:
    """Each with its name and why it is asked for."""
    return [document_of(it, words) for it in documents]


def document_of(document: NeededDocument, words: PageWords) -> ShownDocument:
    """One document in words; one that the list does not know any more by a general name."""
    known = offered().documents.get(document.kind)
    name = in_english_else(known.name, words.tag) if known else words.say("tracker.document.some")
    why = in_english_else(known.why, words.tag) if known else ""
    return ShownDocument(document.kind, name, why, document.state, document.note or "")


def asking(key: str, about: str) -> Mapping[str, object]:
    """What the form needs that asks a person from this very page."""
    return {"ask_key": key, "ask_about": about, "once": secrets.token_urlsafe(9)}
