"""Verbs of those who manage staff. Each ends the sessions it touches and is kept in the audit trail."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F

from tideover.access.actors import staff_actor
from tideover.access.allowed import NotAllowed, may, require
from tideover.access.audit import Plain, note, sight
from tideover.access.lockout import opened, password_door, second_step_door
from tideover.access.models import Invitation, Staff
from tideover.access.models.staff import LONGEST_MAIL, LONGEST_NAME
from tideover.access.roles import Power, Role, roles_with
from tideover.kit.errors import Refused

LINK_LASTS = timedelta(days=3)


class AlreadyHere(Refused):
    """Somebody has this mail address already."""


class NoMailAddress(Refused):
    """What was told is no mail address."""


class NoName(Refused):
    """An account has a name that colleagues can read."""


class LinkSpent(Refused):
    """The link was used, has expired, or was replaced by a newer one."""


class SwitchedOff(Refused):
    """The account rests: a link to it would open nothing."""


class LastAdmin(Refused):
    """Nobody would be left who may manage staff."""


@transaction.atomic
def invite(
    *, email: str, name: str, role: Role, branches: Sequence[str] = (), sees_every_branch: bool = False,
    language: str = "en", by: Staff | None, at: datetime,
) -> tuple[Staff, str]:  # fmt: skip
    """Make an account and the token of its one-time link. `by=None` is the command line of the machine itself.

    Raises NotAllowed, NoMailAddress, NoName, AlreadyHere.
    """
    _require_manager(by)
    address, called = email.strip().lower(), name.strip()
    _check(address, called)
    if Staff.objects.filter(email=address).exists():
        raise AlreadyHere("There is an account with this mail address already; give it a new link instead.")
    staff = Staff(
        email=address, name=called, role=Role(role).value, branches=_named(branches),
        sees_every_branch=sees_every_branch, language=language, invited_at=at,
    )  # fmt: skip
    staff.set_unusable_password()
    staff.save()
    EmailAddress.objects.create(user=staff, email=address, primary=True, verified=False)
    detail: dict[str, Plain] = {"staff": staff.pk, "role": staff.role, **_sight(staff)}
    note(action="staff_invited", by=staff_actor(by), at=at, detail=detail)
    return staff, _new_link(staff, at)


@transaction.atomic
def invite_again(*, staff: Staff, by: Staff | None, at: datetime) -> str:
    """A fresh link for somebody who lost password or second step: both are taken away, every session ends."""
    _require_manager(by)
    _require_other(staff, by)
    if not staff.is_active:
        raise SwitchedOff("This account is switched off, and a link would open nothing. Switch it on first.")
    staff.set_unusable_password()
    staff.save(update_fields=["password"])
    Authenticator.objects.filter(user=staff).delete()
    _end_sessions(staff)
    note(action="staff_invited_again", by=staff_actor(by), at=at, detail={"staff": staff.pk})
    return _new_link(staff, at)


def invitation_of(token: str, at: datetime) -> Invitation:
    """The open invitation behind a link. Changes nothing. Raises LinkSpent."""
    found = Invitation.objects.filter(token_hash=_fingerprint(token), used_at=None, expires_at__gt=at)
    invitation = found.select_related("staff").first()
    if invitation is None or not invitation.staff.is_active:
        raise LinkSpent("This link was used or is too old. Ask whoever sent it for a new one.")
    return invitation


@transaction.atomic
def join(*, token: str, password: str, at: datetime) -> Staff:
    """Use a one-time link: set the password. Of many at once exactly one wins. Raises LinkSpent."""
    invitation = invitation_of(token, at)
    if not Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=at):
        raise LinkSpent("This link was used just now.")
    staff: Staff = invitation.staff
    staff.set_password(password)
    staff.joined_at = staff.joined_at or at
    staff.save(update_fields=["password", "joined_at"])
    EmailAddress.objects.filter(user=staff, email=staff.email).update(verified=True)
    opened(password_door(staff.email))
    note(action="staff_joined", by=staff_actor(staff), at=at, detail={"staff": staff.pk})
    return staff


@transaction.atomic
def change_role(
    *,
    staff: Staff,
    role: Role,
    branches: Sequence[str],
    sees_every_branch: bool,
    by: Staff | None,
    at: datetime,
) -> Staff:
    """Give somebody another role or other branches; their sessions end."""
    _one_at_a_time(by)
    _require_manager(by)
    _require_other(staff, by)
    before: dict[str, Plain] = {"role": staff.role, **_sight(staff)}
    managed = _manages(staff)
    staff.role, staff.branches = Role(role).value, _named(branches)
    staff.sees_every_branch = sees_every_branch
    staff.save(update_fields=["role", "branches", "sees_every_branch"])
    _keep_an_admin(managed)
    _end_sessions(staff)
    detail: dict[str, Plain] = {"staff": staff.pk, "before": before, "role": staff.role, **_sight(staff)}
    note(action="staff_role_changed", by=staff_actor(by), at=at, detail=detail)
    return staff


@transaction.atomic
def switch_off(*, staff: Staff, by: Staff | None, at: datetime) -> Staff:
    """The account rests: no sign-in, no session, no link. Its past deeds stay named by its number."""
    _one_at_a_time(by)
    _require_manager(by)
    _require_other(staff, by)
    managed = _manages(staff)
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    _keep_an_admin(managed)
    Invitation.objects.filter(staff=staff, used_at=None).update(expires_at=at)
    _end_sessions(staff)
    note(action="staff_switched_off", by=staff_actor(by), at=at, detail={"staff": staff.pk})
    return staff


@transaction.atomic
def switch_on(*, staff: Staff, by: Staff | None, at: datetime) -> Staff:
    """The account works again, with its password and second step as they were."""
    _require_manager(by)
    staff.is_active = True
    staff.save(update_fields=["is_active"])
    note(action="staff_switched_on", by=staff_actor(by), at=at, detail={"staff": staff.pk})
    return staff


@transaction.atomic
def unlock(*, staff: Staff, by: Staff | None, at: datetime) -> None:
    """Open the doors that failed tries have locked."""
    _require_manager(by)
    opened(password_door(staff.email))
    opened(second_step_door(staff.pk))
    note(action="staff_unlocked", by=staff_actor(by), at=at, detail={"staff": staff.pk})


@transaction.atomic
def sign_out_everywhere(*, staff: Staff, by: Staff | None, at: datetime) -> None:
    """End every session of somebody: their own wish, or that of whoever manages staff."""
    if by is None or by.pk != staff.pk:
        _require_manager(by)
    _end_sessions(staff)
    note(action="staff_signed_out_everywhere", by=staff_actor(by), at=at, detail={"staff": staff.pk})


def _check(address: str, name: str) -> None:
    if len(address) > LONGEST_MAIL:
        raise NoMailAddress(f"A mail address has at most {LONGEST_MAIL} characters.")
    try:
        validate_email(address)
    except ValidationError:
        raise NoMailAddress("A mail address belongs here, as name@example.org.") from None
    if not name or len(name) > LONGEST_NAME:
        raise NoName(f"Write the name as colleagues see it, in at most {LONGEST_NAME} characters.")


def _new_link(staff: Staff, at: datetime) -> str:
    Invitation.objects.filter(staff=staff, used_at=None).update(expires_at=at)
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        staff=staff, token_hash=_fingerprint(token), made_at=at, expires_at=at + LINK_LASTS
    )
    return token


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _named(branches: Sequence[str]) -> list[str]:
    return sorted({it.strip() for it in branches if it.strip()})


def _sight(staff: Staff) -> dict[str, Plain]:
    return sight(staff.branches, every=staff.sees_every_branch)


def _end_sessions(staff: Staff) -> None:
    Staff.objects.filter(pk=staff.pk).update(session_round=F("session_round") + 1)
    staff.refresh_from_db(fields=["session_round"])


def _require_manager(by: Staff | None) -> None:
    if by is not None:
        require(by, Power.MANAGE_STAFF)


def _one_at_a_time(by: Staff | None) -> None:
    """Whoever manages staff waits here for the others, and may be nobody any more when it is their turn."""
    managers = Staff.objects.select_for_update().filter(role__in=roles_with(Power.MANAGE_STAFF))
    list(managers.order_by("pk").values_list("pk"))
    if by is not None:
        by.refresh_from_db(fields=["is_active", "role"])


def _require_other(staff: Staff, by: Staff | None) -> None:
    if by is not None and by.pk == staff.pk:
        raise NotAllowed("Nobody changes their own account in this way; ask another who manages staff.")


def _manages(staff: Staff) -> bool:
    return staff.joined_at is not None and may(staff, Power.MANAGE_STAFF)


def _keep_an_admin(managed: bool) -> None:
    """Where the command line alone manages staff, there is no last one to keep."""
    if managed and not any(Staff.objects.who_may(Power.MANAGE_STAFF)):
        raise LastAdmin("Nobody would be left who may manage staff. Give somebody else the role first.")
