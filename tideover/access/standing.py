"""What an account of staff stands for, in words for those who manage staff."""

from __future__ import annotations

from tideover.access.models import Staff
from tideover.access.roles import POWERS, Power, Role


def sees(staff: Staff) -> str:
    """The branches whose people somebody sees."""
    if Power.SEE_PEOPLE not in POWERS[Role(staff.role)]:
        return "sees nobody"
    return f"sees {'every branch' if staff.sees_every_branch else ', '.join(staff.branches) or 'nobody'}"


def state_of(staff: Staff) -> str:
    """Whether the account works."""
    if not staff.is_active:
        return "switched off"
    return "works" if staff.joined_at else "invited"
