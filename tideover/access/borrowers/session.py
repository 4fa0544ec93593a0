"""Who is signed in on the borrower's side. Her session holds her key, her language and when she last proved who she is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.http import HttpRequest

How = Literal["code", "passkey", "demo"]

SLOT = "borrower"
IDLE = timedelta(minutes=30)
"""A page left open is nobody's after this."""

PROVEN = timedelta(minutes=10)
"""How long a fresh proof of who she is holds for money and address changes."""


@dataclass(frozen=True)
class Borrower:
    """Somebody who is signed in."""

    person_id: str
    language: str
    how: How
    seen_at: datetime
    proven_at: datetime

    def is_proven(self, at: datetime) -> bool:
        """Whether she has just shown who she is: asked before money or an address changes."""
        return at - self.proven_at <= PROVEN


def sign_in(request: HttpRequest, person_id: str, *, language: str, how: How, at: datetime) -> Borrower:
    """Begin her session; whatever was in this browser before is gone."""
    request.session.flush()
    borrower = Borrower(person_id, language, how, at, at)
    _keep(request, borrower)
    return borrower


def prove(request: HttpRequest, at: datetime) -> None:
    """She has shown once more who she is."""
    known = borrower_of(request, at)
    if known is not None:
        _keep(request, Borrower(known.person_id, known.language, known.how, at, at))


def speak(request: HttpRequest, language: str, at: datetime) -> None:
    """Her pages speak another language from now on."""
    known = borrower_of(request, at)
    if known is not None:
        _keep(request, Borrower(known.person_id, language, known.how, at, known.proven_at))


def sign_out(request: HttpRequest) -> None:
    """End her session here."""
    request.session.flush()


def borrower_of(request: HttpRequest, at: datetime) -> Borrower | None:
    """Who is signed in and was here within the last half hour; staff and strangers are None."""
    kept = request.session.get(SLOT)
    if not isinstance(kept, dict):
        return None
    known = Borrower(
        kept["person_id"], kept["language"], kept["how"],
        datetime.fromisoformat(kept["seen_at"]), datetime.fromisoformat(kept["proven_at"]),
    )  # fmt: skip
    if at - known.seen_at > IDLE:
        request.session.flush()
        return None
    return known


def seen(request: HttpRequest, known: Borrower, at: datetime) -> None:
    """She is still here; noted once a minute at most, for a note is a write."""
    if at - known.seen_at > timedelta(minutes=1):
        _keep(request, Borrower(known.person_id, known.language, known.how, at, known.proven_at))


def _keep(request: HttpRequest, borrower: Borrower) -> None:
    request.session[SLOT] = {
        "person_id": borrower.person_id, "language": borrower.language, "how": borrower.how,
        "seen_at": borrower.seen_at.isoformat(), "proven_at": borrower.proven_at.isoformat(),
    }  # fmt: skip
