"""Who acts: a member of staff, a person, a machine of ours, another system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tideover.access.models import Staff

Kind = Literal["staff", "person", "system", "api"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that does things here, by key alone."""

    kind: Kind
    id: str


SYSTEM = Actor("system", "tideover")
"""The product itself: nightly runs, the worker, the command line."""


def staff_actor(staff: Staff | None) -> Actor:
    """A member of staff by their number; None stands for the command line of the machine."""
    return SYSTEM if staff is None else Actor("staff", str(staff.pk))


def person_actor(surrogate: str) -> Actor:
    """A borrower or other party by surrogate."""
    return Actor("person", surrogate)
