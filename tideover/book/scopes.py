"""Whose numbers a member of staff reads: those of their branches; totals of the whole book where the role is for reports."""

from __future__ import annotations

from dataclasses import dataclass

from tideover.access.allowed import branches_of, may
from tideover.access.roles import Power
from tideover.book.models import Person
from tideover.book.models.people import PersonQuerySet


@dataclass(frozen=True)
class Scope:
    """`people` are those who count, None stands for everybody; `opens_rows` says whether people may be seen one by one."""

    people: PersonQuerySet | None
    says: str
    opens_rows: bool

    def keys(self) -> list[str] | None:
        """The people as keys, for what is counted outside the database."""
        return None if self.people is None else list(self.people.values_list("pk", flat=True))


def scope_of(user: object) -> Scope | None:
    """What somebody's numbers are about; None where the role reads neither people nor totals."""
    if may(user, Power.SEE_PEOPLE):
        branches = branches_of(user)
        if branches is None:
            return Scope(None, "all branches", opens_rows=True)
        says = ", ".join(sorted(branches)) or "no branch yet"
        return Scope(Person.objects.visible_to(user), says, opens_rows=True)
    if may(user, Power.SEE_REPORTS):
        return Scope(None, "all branches, in numbers only", opens_rows=False)
    return None
