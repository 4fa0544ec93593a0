"""Forms of sign-in: allauth's, with our words and the lock on the second step."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from tideover.access.clock import now
from tideover.access.lockout import LockedOut, opened, second_step_door, try_door
from tideover.access.models import Staff


class SignInForm(LoginForm):
    """Mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Mail address")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class _Locked:
    """Counts each try of a code before it is looked at."""

    user: Staff

    def clean_code(self) -> str:
        door = second_step_door(self.user.pk)
        try:
            try_door(door, now())
        except LockedOut:
            raise get_adapter().validation_error("too_many_login_attempts") from None
        code: str = super().clean_code()  # type: ignore[misc]
        opened(door)
        return code


class _CodeField:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]  # type: ignore[attr-defined]
        field.widget.attrs.pop("placeholder", None)
        field.label = _("Code from your app, or a recovery code")


class SecondStepForm(_Locked, _CodeField, AuthenticateForm):
    """The code after the password."""


class SecondStepAgainForm(_Locked, _CodeField, ReauthenticateForm):
    """The code once more, before something that matters."""


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey; unless unticked, it signs in without a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of this passkey")
        self.fields["name"].initial = self.initial["name"] = _("My passkey")
        self.fields["passwordless"].label = _("Sign in with it alone, without a password")
        self.fields["passwordless"].help_text = _("Your device asks for your finger, face or PIN.")
        self.fields["passwordless"].initial = True


class JoinForm(forms.Form):
    """The first password of somebody who was invited."""

    password = forms.CharField(
        label=_("Choose a password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A few words you remember are better than signs you do not."),
    )  # fmt: skip

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = staff

    def clean_password(self) -> str:
        given: str = self.cleaned_data["password"]
        about: Any = self.staff
        validate_password(given, about)
        return given
