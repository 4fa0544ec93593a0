"""A member of staff: one account each, with one role and the branches they look after."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from tideover.access.roles import Power, Role, roles_with

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_MAIL, LONGEST_NAME = 254, 200


class StaffManager(BaseUserManager["Staff"]):
    """Finds an account by its mail address, however it is cased."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        return self.get(email__iexact=username)

    def who_may(self, power: Power) -> Iterator[Staff]:
        """Everybody who holds a power now."""
        return self.filter(is_active=True, joined_at__isnull=False, role__in=roles_with(power)).iterator()


class Staff(AbstractBaseUser):
    """A person who works for the lender."""

    email = models.EmailField(max_length=LONGEST_MAIL, unique=True)
    name = models.CharField(max_length=LONGEST_NAME)
    language = models.CharField(max_length=35, default="en")
    role = models.CharField(max_length=32, choices=[(it.value, it.value) for it in Role])
    branches = models.JSONField(default=list, help_text="the branches whose people they see")
    sees_every_branch = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    invited_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    session_round = models.PositiveIntegerField(default=0, help_text="a new round ends every session")

    objects: ClassVar[StaffManager] = StaffManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="staff_mail_is_lower_case"),
            models.CheckConstraint(
                condition=models.Q(role__in=[it.value for it in Role]), name="staff_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """A session ends as soon as the password, the role, the branches or the round are other than at sign-in."""
        told = "|".join(
            [
                self.password, self.role, str(self.session_round),
                str(self.sees_every_branch), *sorted(map(str, self.branches)),
            ]
        )  # fmt: skip
        return salted_hmac(
            "tideover.access.session", told, secret=secret or settings.SECRET_KEY, algorithm="sha256"
        ).hexdigest()

    def get_session_auth_hash(self) -> str:
        return self._get_session_auth_hash()
