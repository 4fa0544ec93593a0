"""Verbs about clients: made with a key that is shown once, found by it, revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tideover.access.actors import SYSTEM, Actor
from tideover.access.audit import note, sight
from tideover.access.roles import Role
from tideover.kit.errors import Refused
from tideover.web.api.models import Client
from tideover.web.api.scopes import Scope

PREFIX = "tdo_"
"""By which scanners of code find a key that leaked."""


class NameTaken(Refused):
    """There is a client of this name already."""


@transaction.atomic
def make_client(
    *, name: str, scopes: Iterable[Scope | str], at: datetime, branches: Iterable[str] = (),
    sees_every_branch: bool = False, roles: Iterable[Role | str] = (), a_minute: int = 600, by: Actor = SYSTEM,
) -> str:  # fmt: skip
    """Make a client and return its key, the only time that it can be read. Raises NameTaken, Refused."""
    if Client.objects.filter(name=name).exists():
        raise NameTaken(f"There is a client called '{name}' already; revoke it, or choose another name.")
    key = PREFIX + secrets.token_urlsafe(32)
    made = Client.objects.create(
        name=name, key_hash=fingerprint(key), scopes=sorted(_scope(it) for it in scopes),
        roles=sorted(_role(it) for it in roles), branches=sorted({it.strip() for it in branches if it.strip()}),
        sees_every_branch=sees_every_branch, a_minute=a_minute, created_at=at,
    )  # fmt: skip
    detail = {
        "client": made.pk, "scopes": made.scopes, "roles": made.roles,
        **sight(made.branches, every=sees_every_branch),
    }  # fmt: skip
    note(action="client_made", by=by, at=at, detail=detail)
    return key


@transaction.atomic
def revoke_client(*, client: Client, at: datetime, by: Actor = SYSTEM) -> Client:
    """The key opens nothing from now on."""
    client.revoked_at = client.revoked_at or at
    client.save(update_fields=["revoked_at"])
    note(action="client_revoked", by=by, at=at, detail={"client": client.pk})
    return client


def client_with(key: str) -> Client | None:
    """Whose key this is; None where it is nobody's, or was revoked."""
    if not key.startswith(PREFIX):
        return None
    return Client.objects.filter(key_hash=fingerprint(key), revoked_at=None).first()


def fingerprint(key: str) -> str:
    """A key has 256 bits of chance, so a plain hash gives nothing away."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _scope(scope: Scope | str) -> str:
    if scope not in set(Scope):
        raise Refused(f"There is no scope '{scope}'; there are {', '.join(sorted(Scope))}.")
    return str(Scope(scope))


def _role(role: Role | str) -> str:
    if role not in set(Role):
        raise Refused(f"There is no role '{role}'; there are {', '.join(sorted(Role))}.")
    return str(Role(role))
