"""tideover client: other systems, let in by a key and shut out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from tideover.cli._live import set_up
from tideover.kit.errors import Refused
from tideover.kit.nearest import did_you_mean

if TYPE_CHECKING:
    from tideover.web.api.models import Client


class _AddIsUnsaid(TyperGroup):
    """`tideover client NAME --scope ...` is `tideover client add NAME --scope ...`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """What is no command is the name of a client, or how it is to be."""
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["add", *args]
        return super().parse_args(ctx, args)


client = typer.Typer(help="Other systems: let one in, list them, revoke a key.", cls=_AddIsUnsaid)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(client, name="client", no_args_is_help=True)


@client.command()
def add(
    name: Annotated[str, typer.Argument(help="The other system.")],
    scope: Annotated[list[str], typer.Option("--scope", help="What it may do; may be repeated.")],
    branch: Annotated[
        list[str] | None, typer.Option("--branch", help="A branch whose people it sees; may be repeated.")
    ] = None,
    every_branch: Annotated[bool, typer.Option("--every-branch", help="It sees every branch.")] = False,
    role: Annotated[
        list[str] | None,
        typer.Option("--role", help="A role of staff as which it may lift holds; may be repeated."),
    ] = None,
) -> None:
    """Let another system in; its key is shown this once."""
    set_up()
    from tideover.access.clock import now  # noqa: PLC0415
    from tideover.web.api.clients import make_client  # noqa: PLC0415

    key = make_client(
        name=name,
        scopes=scope,
        branches=branch or (),
        sees_every_branch=every_branch,
        roles=role or (),
        at=now(),
    )
    typer.echo(key)


@client.command("list")
def list_clients() -> None:
    """Every client: its scopes, what it sees, as which roles it lifts holds, and whether its key works."""
    set_up()
    from tideover.access.standing import sees_of  # noqa: PLC0415
    from tideover.web.api.models import Client  # noqa: PLC0415

    for it in Client.objects.order_by("name"):
        typer.echo(
            f"{it.name}  {', '.join(it.scopes)}; {sees_of(it.branches, is_every=it.sees_every_branch)}{_lifts(it)}; {_state(it)}"
        )


@client.command()
def revoke(name: Annotated[str, typer.Argument(help="The other system.")]) -> None:
    """Shut another system out: its key opens nothing from now on, and no event is sent to it."""
    set_up()
    from tideover.access.clock import now  # noqa: PLC0415
    from tideover.web.api.clients import revoke_client  # noqa: PLC0415

    done = revoke_client(client=_found(name), at=now())
    typer.echo(f"{done.name}: {_state(done)}.")


def _found(name: str) -> Client:
    from tideover.web.api.models import Client  # noqa: PLC0415

    found = Client.objects.filter(name=name).first()
    if found is None:
        known = Client.objects.values_list("name", flat=True)
        raise Refused(
            f"There is no client called '{name}'.{did_you_mean(name, known)} See them all with: tideover client list"
        )
    return found


def _lifts(it: Client) -> str:
    return f"; lifts holds as {', '.join(it.roles)}" if it.roles else ""


def _state(it: Client) -> str:
    if it.revoked_at is not None:
        return f"revoked on {it.revoked_at:%Y-%m-%d %H:%M} UTC"
    return f"last used on {it.last_used_at:%Y-%m-%d %H:%M} UTC" if it.last_used_at else "never used"
