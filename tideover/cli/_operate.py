"""tideover verify, export-subject, erase-subject, invite, client: what an operator asks for by hand."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from tideover.cli._live import set_up
from tideover.kit.errors import Refused

PersonArgument = Annotated[str, typer.Argument(help="Key of the person, as in the table borrowers.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(verify)
    app.command("export-subject")(export_subject)
    app.command("erase-subject")(erase_subject)
    app.command()(invite)
    app.command()(client)
    app.command("take-mail")(take_mail)


def verify(what: Annotated[str, typer.Argument(help="ledger, statements, contacts or audit.")]) -> None:
    """Check what was done against what was known. Exit code 0: it holds; 1: it does not. The last line is JSON."""
    set_up()
    from tideover.access import anchors, audit  # noqa: PLC0415
    from tideover.access.clock import now  # noqa: PLC0415
    from tideover.book.ledger import INFORMS, verify_ledger  # noqa: PLC0415
    from tideover.delivery.verify import verify_contacts  # noqa: PLC0415
    from tideover.repayment.ledger.verifying import KEPT_IN, verify_accounts  # noqa: PLC0415
    from tideover.repayment.statements.verifying import verify_statements  # noqa: PLC0415

    if what == "contacts":
        found = verify_contacts(at=now())
        holds = not any(count for name, count in found.items() if name != "messages")
        told: dict[str, object] = {**found, "holds": holds}
    elif what == "ledger":
        money, accounts = verify_ledger(at=now(), kept_in=KEPT_IN), verify_accounts()
        for where in accounts.where:
            typer.echo(where)
        holds = accounts.holds and not any(count for name, count in money.items() if name not in INFORMS)
        told = {**money, **accounts.counts, "holds": holds}
    elif what == "statements":
        sums = verify_statements()
        holds, told = sums.holds, {**sums.sums, "holds": sums.holds}
    elif what == "audit":
        done = audit.verify(anchors=anchors.read())
        told = {"rows": done.rows, "broken_at": done.broken_at, "why": done.why, "holds": done.holds}
    else:
        raise Refused(f"'{what}' cannot be verified; choose ledger, statements, contacts or audit.")
    typer.echo(json.dumps(told))
    sys.exit(0 if told["holds"] else 1)


def export_subject(
    person: PersonArgument,
    out: Annotated[Path, typer.Option("--out", help="Folder, or a file that ends in .zip.")],
) -> None:
    """Everything about one person and nobody else, for her."""
    set_up()
    from tideover.access.clock import now  # noqa: PLC0415
    from tideover.delivery.privacy.exporting import export_subject as export  # noqa: PLC0415

    for path in export(person, out, at=now()):
        typer.echo(str(path))


def erase_subject(person: PersonArgument) -> None:
    """Erase a person; what must be kept, why and until when is said."""
    set_up()
    from tideover.access.actors import SYSTEM  # noqa: PLC0415
    from tideover.access.clock import now  # noqa: PLC0415
    from tideover.delivery.privacy.erasing import erase_subject as erase  # noqa: PLC0415

    for sentence in erase(person, now(), SYSTEM).said:
        typer.echo(sentence)


def invite(
    email: Annotated[str, typer.Argument(help="Who is invited.")],
    name: Annotated[str, typer.Option("--name", help="As colleagues see it.")],
    role: Annotated[
        str, typer.Option("--role", help="agent, lead, strategist, approver, compliance or admin.")
    ] = "agent",
    branch: Annotated[
        list[str] | None, typer.Option("--branch", help="A branch she sees; may be repeated.")
    ] = None,
    every_branch: Annotated[bool, typer.Option("--every-branch", help="She sees every branch.")] = False,
) -> None:
    """Make an account for a member of staff; the link opens it once."""
    set_up()
    from django.conf import settings  # noqa: PLC0415

    from tideover.access.actions import invite as make  # noqa: PLC0415
    from tideover.access.clock import now  # noqa: PLC0415
    from tideover.access.roles import Role  # noqa: PLC0415

    if role not in set(Role):
        raise Refused(f"'{role}' is no role; choose one of {', '.join(Role)}.")
    staff, token = make(
        email=email, name=name, role=Role(role), branches=branch or (), sees_every_branch=every_branch, by=None, at=now()
    )  # fmt: skip
    typer.echo(f"For {staff}: {settings.PUBLIC_URL}/staff/join/{token}/")


def client(
    name: Annotated[str, typer.Argument(help="The other system.")],
    scope: Annotated[list[str], typer.Option("--scope", help="What it may do; may be repeated.")],
    every_branch: Annotated[bool, typer.Option("--every-branch", help="It sees every branch.")] = False,
) -> None:
    """Let another system in; its key is shown this once."""
    set_up()
    from tideover.access.clock import now  # noqa: PLC0415
    from tideover.web.api.clients import make_client  # noqa: PLC0415

    typer.echo(make_client(name=name, scopes=scope, sees_every_branch=every_branch, at=now()))


def take_mail() -> None:
    """A mail that came back, on standard input: what a relay's pipe calls. What nobody can place is kept for a person."""
    set_up()
    from django.conf import settings  # noqa: PLC0415

    from tideover.access.clock import now  # noqa: PLC0415
    from tideover.delivery.inbound import set_aside  # noqa: PLC0415
    from tideover.delivery.inbound import take_mail as take  # noqa: PLC0415

    raw = sys.stdin.buffer.read()
    kind = take(raw, at=now())
    if kind in ("unmatched", "unplaced"):
        file = settings.DATA / set_aside(raw)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw)
    typer.echo(kind)
