"""What an account of staff stands for, in words for those who manage staff."""

from __future__ import annotations

from collections.abc import Sequence

from tideover.access.models import Staff
from tideover.access.roles import POWERS, Power, Role


def sees(staff: Staff) -> str:
    """The branches whose people somebody sees."""
    if Power.SEE_PEOPLE not in POWERS[Role(staff.role)]:
        return "sees nobody"
    return sees_of(staff.branches, is_every=staff.sees_every_branch)


def sees_of(branches: Sequence[str], *, is_every: bool) -> str:
    """These branches, or all, as what somebody or another system sees."""
    return f"sees {'every branch' if is_every else ', '.join(branches) or 'nobody'}"


def state_of(staff: Staff) -> str:
    """Whether the account works."""
    if not staff.is_active:
        return "switched off"
    return "works" if staff.joined_at else "invited"
