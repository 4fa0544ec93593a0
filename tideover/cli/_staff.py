"""tideover invite, staff: accounts of staff, by the command line of the machine itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tideover.cli._live import set_up
from tideover.kit.errors import Refused
from tideover.kit.nearest import did_you_mean

if TYPE_CHECKING:
    from tideover.access.models import Staff

ROLES = "agent, lead, strategist, approver, compliance or admin."
MailArgument = Annotated[str, typer.Argument(help="Mail address of the account.")]

staff = typer.Typer(help="List accounts of staff, change what they may, switch them off and on.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(invite)
    app.add_typer(staff, name="staff", no_args_is_help=True)


def invite(
    email: Annotated[str, typer.Argument(help="Who is invited.")],
    name: Annotated[str, typer.Option("--name", help="As colleagues see it.")],
    role: Annotated[str, typer.Option("--role", help=ROLES)] = "agent",
    branch: Annotated[
        list[str] | None, typer.Option("--branch", help="A branch she sees; may be repeated.")
    ] = None,
    every_branch: Annotated[bool, typer.Option("--every-branch", help="She sees every branch.")] = False,
) -> None:
    """Make an account for a member of staff; the link opens it once."""
    set_up()
    from tideover.access.actions import invite as make  # noqa: PLC0415
    from tideover.access.clock import now  # noqa: PLC0415
    from tideover.access.roles import role_called  # noqa: PLC0415

    made, token = make(
        email=email, name=name, role=role_called(role), branches=branch or (), sees_every_branch=every_branch, by=None, at=now()
    )  # fmt: skip
    typer.echo(f"For {made}: {_link(token)}")


@staff.command("list")
def list_staff() -> None:
    """Every account: mail address, role, what it sees, and whether it works."""
    set_up()
    from tideover.access.models import Staff  # noqa: PLC0415
    from tideover.access.standing import sees, state_of  # noqa: PLC0415

    for it in Staff.objects.order_by("email"):
        typer.echo(f"{it.email}  {it.role}, {sees(it)}; {state_of(it)}")


@staff.command()
def role(
    email: MailArgument,
    role: Annotated[str, typer.Argument(help=ROLES)],
    branch: Annotated[
        list[str] | None,
        typer.Option(
            "--branch", help="A branch seen from now on; may be repeated, '' is none. Unsaid, they stay."
        ),
    ] = None,
    every_branch: Annotated[bool, typer.Option("--every-branch", help="Sees every branch.")] = False,
) -> None:
    """Give somebody another role or other branches; every session ends."""
    set_up()
    from tideover.access.actions import change_role  # noqa: PLC0415
    from tideover.access.clock import now  # noqa: PLC0415
    from tideover.access.roles import role_called  # noqa: PLC0415
    from tideover.access.standing import sees  # noqa: PLC0415

    found = _found(email)
    stays = branch is None and not every_branch
    change_role(
        staff=found, role=role_called(role), branches=found.branches if stays else branch or (),
        sees_every_branch=found.sees_every_branch if stays else every_branch, by=None, at=now(),
    )  # fmt: skip
    typer.echo(f"{found.email} is {found.role}, {sees(found)}. Every session ended.")


@staff.command()
def off(email: MailArgument) -> None:
    """Switch an account off: no sign-in, no link, and every session ends."""
    set_up()
    from tideover.access.actions import switch_off  # noqa: PLC0415
    from tideover.access.clock import now  # noqa: PLC0415

    done = switch_off(staff=_found(email), by=None, at=now())
    typer.echo(f"{done.email} is switched off. Every session ended.")


@staff.command()
def on(email: MailArgument) -> None:
    """Switch an account on again, with its password and second step as they were."""
    set_up()
    from tideover.access.actions import switch_on  # noqa: PLC0415
    from tideover.access.clock import now  # noqa: PLC0415

    done = switch_on(staff=_found(email), by=None, at=now())
    typer.echo(f"{done.email} works again.")


@staff.command()
def unlock(email: MailArgument) -> None:
    """Open the doors that too many wrong tries have locked."""
    set_up()
    from tideover.access.actions import unlock as open_doors  # noqa: PLC0415
    from tideover.access.clock import now  # noqa: PLC0415

    found = _found(email)
    open_doors(staff=found, by=None, at=now())
    typer.echo(f"{found.email} may try again.")


@staff.command("invite-again")
def invite_again(email: MailArgument) -> None:
    """A fresh link, once: password and second step are taken away, and every session ends."""
    set_up()
    from tideover.access.actions import invite_again as again  # noqa: PLC0415
    from tideover.access.clock import now  # noqa: PLC0415

    found = _found(email)
    typer.echo(f"For {found}: {_link(again(staff=found, by=None, at=now()))}")


def _found(email: str) -> Staff:
    from tideover.access.models import Staff  # noqa: PLC0415

    found: Staff | None = Staff.objects.filter(email=email.strip().lower()).first()
    if found is None:
        known = Staff.objects.values_list("email", flat=True)
        raise Refused(
            f"Nobody of staff has the address {email}.{did_you_mean(email, known)} See them all with: tideover staff list"
        )
    return found


def _link(token: str) -> str:
    from django.conf import settings  # noqa: PLC0415

    return f"{settings.PUBLIC_URL}/staff/join/{token}/"
