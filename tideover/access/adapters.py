"""Where allauth asks us: nobody signs up by themselves, tries are counted, secrets are sealed."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tideover.access.actors import staff_actor
from tideover.access.allowed import staff_of
from tideover.access.audit import note
from tideover.access.clock import now
from tideover.access.lockout import LockedOut, opened, password_door, try_door
from tideover.access.models import Staff
from tideover.access.sealing import opened as unsealed
from tideover.access.sealing import sealed
from tideover.access.second_step import has_just_come_without_one


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in of staff."""

    error_messages = {  # noqa: RUF012 - allauth's own form
        **DefaultAccountAdapter.error_messages,
        # One sentence for all: it does not tell whether the address is known.
        "email_password_mismatch": _("The mail address or the password is not right."),
        "too_many_login_attempts": _(
            "Too many tries. Wait a while, use a passkey, or ask whoever manages staff here."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        super().pre_authenticate(request, **credentials)
        try:
            try_door(password_door(str(credentials.get("email", ""))), now())
        except LockedOut:
            raise self.validation_error("too_many_login_attempts") from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is None or not user.is_active:
            return None  # an account that is switched off answers like one that never was
        opened(password_door(str(credentials.get("email", ""))))
        return user

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Whoever has just come in to set up their first second step is not asked for the password once more."""
        staff = staff_of(self.request)
        if staff is not None and has_just_come_without_one(staff, timezone.now()):
            return False
        return bool(super().is_reauthentication_required(app=app))

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **about: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **about)
        if isinstance(user, Staff):
            note(action="signed_in", by=staff_actor(user), at=now())
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, user.language, secure=settings.IS_HTTPS, samesite="Lax"
            )
        return response

    def add_message(self, *args: Any, **about: Any) -> None:
        """Silent: the page that follows says what is so."""

    def send_notification_mail(
        self, template_prefix: str, user: AbstractBaseUser, *_: Any, **__: Any
    ) -> None:
        """Where allauth would write a mail about a change of password or second step, the audit trail keeps it."""
        if isinstance(user, Staff):
            note(action=template_prefix.rsplit("/", 1)[-1], by=staff_actor(user), at=now())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing is sent from here: links are handed over by whoever invites."""


class SecondStepAdapter(DefaultMFAAdapter):
    """Codes and passkeys of staff."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(sealed(text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unsealed(base64.b64decode(encrypted_text))

    def get_totp_issuer(self) -> str:
        return "Tideover"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Tideover"}
