"""Whether somebody has a second step at all: an app with codes or a passkey. Recovery codes alone are none."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from tideover.access.models import Staff

STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_step(staff: Staff) -> bool:
    """Whether this account is more than a password."""
    return Authenticator.objects.filter(user_id=staff.pk, type__in=STEPS).exists()
