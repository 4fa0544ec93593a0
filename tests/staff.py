"""The cast on the lender's side: staff by role, with an outsider of another branch who must see nothing."""

from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP

from tests.people import AT
from tideover.access.models import Staff

NOW = datetime.fromtimestamp(AT, UTC)
PASSWORD = "four quiet words here"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def member(role, *branches, name=None, every_branch=False, second_step=True, **about):
    """Somebody who has joined: password, second step and all."""
    name = name or role
    staff = Staff(
        email=f"{name}@lender.example", name=name.title(), role=role, branches=list(branches),
        sees_every_branch=every_branch, invited_at=NOW, joined_at=NOW, **about,
    )  # fmt: skip
    staff.set_password(PASSWORD)
    staff.save()
    EmailAddress.objects.create(user=staff, email=staff.email, primary=True, verified=True)
    if second_step:
        TOTP.activate(staff, SECRET)
    return staff


def outsider(role="agent"):
    """Somebody of another branch."""
    return member(role, "south", name="outsider")


def signed_in(client, staff):
    """The test client with this person's session."""
    client.force_login(staff)
    return client
