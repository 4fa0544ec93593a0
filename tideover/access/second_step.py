"""Whether somebody has a second step at all: an app with codes or a passkey. Recovery codes alone are none."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator

from tideover.access.models import Staff

JUST_NOW = timedelta(minutes=5)
STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_step(staff: Staff) -> bool:
    """Whether this account is more than a password."""
    return bool(Authenticator.objects.filter(user_id=staff.pk, type__in=STEPS).exists())


def has_just_come_without_one(staff: Staff, at: datetime) -> bool:
    """Whether somebody came in by password alone minutes ago and is setting up their first second step."""
    came_at = staff.last_login
    if came_at is None or at - came_at > JUST_NOW:
        return False
    return not Authenticator.objects.filter(
        user_id=staff.pk, type__in=STEPS, created_at__lte=came_at
    ).exists()
