"""tideover verify, anchor, export-subject, erase-subject, take-mail: what an operator asks for by hand."""

from __future__ import annotations

import json
import os
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
    app.command()(anchor)
    app.command("export-subject")(export_subject)
    app.command("erase-subject")(erase_subject)
    app.command("take-mail")(take_mail)
    app.command()(reseal)


def verify(
    what: Annotated[str, typer.Argument(help="ledger, statements, contacts or audit.")],
    with_anchors: Annotated[
        Path | None, typer.Option("--anchors", help="For audit: anchors kept elsewhere, a file or folder.")
    ] = None,
) -> None:
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
        known = anchors.known_anchors(with_anchors)
        done = audit.verify(anchors=known)
        told = {
            "rows": done.rows, "anchors": len(known), "broken_at": done.broken_at, "why": done.why, "holds": done.holds,
        }  # fmt: skip
    else:
        raise Refused(f"'{what}' cannot be verified; choose ledger, statements, contacts or audit.")
    typer.echo(json.dumps(told))
    sys.exit(0 if told["holds"] else 1)


def anchor() -> None:
    """Anchor the audit trail now, as a worker does once a day. The line is for paper, or wherever you keep it."""
    set_up()
    from tideover.access import anchors  # noqa: PLC0415
    from tideover.access.clock import now  # noqa: PLC0415

    made = anchors.anchor(at=now())
    typer.echo(f"{made.at}  row {made.number}  {made.hash}")


def reseal() -> None:
    """Seal every personal field with the first of TIDEOVER_DATA_KEYS. Exit code 1: something could not be opened."""
    set_up()
    from tideover.access.actors import SYSTEM  # noqa: PLC0415
    from tideover.access.audit import note  # noqa: PLC0415
    from tideover.access.clock import now  # noqa: PLC0415
    from tideover.book.resealing import reseal as seal_again  # noqa: PLC0415

    done = seal_again(progress=lambda where: typer.echo(f"  {where}", err=True))
    note(action="resealed", by=SYSTEM, at=now(), detail={"values": done.values})
    typer.echo(f"{done.values:,} values were sealed again with the first key.")
    for where, many in sorted(done.unreadable.items()):
        typer.echo(f"{where}: {many:,} values need a key that is not among TIDEOVER_DATA_KEYS.")
    if done.unreadable:
        raise typer.Exit(1)
    typer.echo("Nothing needs the other keys any more; backups made before today still do.")


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
    """Erase a person as two people agreed on the desk, where it broke off there; what must be kept, why and until when is said."""
    set_up()
    from tideover.access.actors import SYSTEM  # noqa: PLC0415
    from tideover.access.clock import now  # noqa: PLC0415
    from tideover.delivery.privacy.agreeing import erase_as_agreed  # noqa: PLC0415

    for sentence in erase_as_agreed(person_id=person, by=SYSTEM, at=now()).said:
        typer.echo(sentence)


def take_mail() -> None:
    """A mail that came back, on standard input: what a relay's pipe calls. What nobody can place is kept for a person.

    Exit code 75: it could not be kept now, and the relay tries again later instead of sending it back.
    """
    raw = sys.stdin.buffer.read()
    try:
        typer.echo(_kept(raw))
    except Exception as error:  # noqa: BLE001 - whatever it is, no word of hers is lost
        typer.echo(f"The mail was not taken ({type(error).__name__}); hand it over again later.", err=True)
        sys.exit(os.EX_TEMPFAIL)


def _kept(raw: bytes) -> str:
    set_up()
    from django.conf import settings  # noqa: PLC0415

    from tideover.access.clock import now  # noqa: PLC0415
    from tideover.delivery.inbound import set_aside, take_mail  # noqa: PLC0415

    kind = take_mail(raw, at=now())
    if kind in ("unmatched", "unplaced"):
        file = settings.DATA / set_aside(raw)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw)
    return kind
