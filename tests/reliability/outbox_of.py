"""An outbox full of replies, each to a person with a mailbox of her own, in a database that worker processes share."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from tests.people import reachable, someone, together
from tideover.access.clock import now

A_PART = 1_000
FILL = "from tests.reliability.outbox_of import fill; import sys; fill(int(sys.argv[1]))"


def environment(place: Path, smtp_url: str, database_url: str = "") -> dict[str, str]:
    """For workers of their own process: a lender that exists for tests only."""
    return {
        **os.environ, "DJANGO_SETTINGS_MODULE": "tideover.settings", "TIDEOVER_ENV": "test", "TIDEOVER_DATA": str(place),
        "TIDEOVER_DATABASE_URL": database_url or f"sqlite:///{place / 'kills.db'}", "TIDEOVER_SMTP_URL": smtp_url,
        "TIDEOVER_LEASE_SECONDS": "6", "TIDEOVER_LENDER_NAME": "Harbour Credit", "TIDEOVER_LENDER_PHONE": "+44 20 7946 0000",
        "TIDEOVER_SECRET_KEY": "for tests only, and long enough to be one", "TIDEOVER_PUBLIC_URL": "https://lender.example",
    }  # fmt: skip


def filled(env: dict[str, str], people: int, fill: str = FILL) -> None:
    """Make the database and fill its outbox, in a process of its own."""
    subprocess.run([sys.executable, "-c", fill, str(people)], env=env, check=True, stdout=subprocess.DEVNULL)


def fill(people: int, purpose: str = "reply", channels: tuple[str, ...] = ("email",), first: int = 0) -> None:
    """One message to each of so many people, due now, by one channel after the other."""
    import django

    django.setup()
    from tideover.cli._live import migrate
    from tideover.delivery.taking import take
    from tideover.strategy.models import Decision, Run
    from tideover.strategy.releases import ensure_shipped
    from tideover.strategy.shares import in_force

    migrate()
    ensure_shipped(at=now())
    at = now()
    names = {f"p{number}": channels[number % len(channels)] for number in range(first, first + people)}
    for start in range(0, people, A_PART):
        _known(dict(list(names.items())[start : start + A_PART]), at)
    plan = in_force().main.plan(int(at.timestamp()))
    hashes = {
        "strategy_hash": plan.strategy.hash,
        "rules_hash": plan.rules.hash,
        "tables_hash": "",
        "content_hash": "",
    }
    Decision.objects.bulk_create(
        (
            Decision(
                decision_id=f"{name}.{purpose}", person_id=name, at=at, treatment="contact", purpose=purpose, policy="gate",
                step=purpose, channel=channel, send_at=at, use_by=at + timedelta(days=3), language="en", reasons="asked",
                engine_version="1", values={"answer": "We have looked, and all is well."}, **hashes,
            )
            for name, channel in names.items()
        ),
        batch_size=A_PART,
    )  # fmt: skip
    Run.objects.create(kind="nightly", at=at, started_at=at, people=people, **hashes)  # today's night is over
    while take(at=at):
        pass


def number_of(name: str) -> str:
    """Her phone."""
    return f"+4477{int(name[1:]):08d}"


def _known(names: dict[str, str], at: datetime) -> None:
    """People with an address each, in one part of the book."""
    from tests.recording import recorded
    from tideover.access.sealing import blind
    from tideover.book.models import Address

    book = together(*(together(someone(it), reachable(it, by)) for it, by in names.items()))
    book["contact_points"] = [{**it, "address_id": it["person_id"]} for it in book["contact_points"]]
    recorded(book, at=at)
    values = {it: f"{it}@example.org" if by == "email" else number_of(it) for it, by in names.items()}
    Address.objects.bulk_create(
        Address(address_id=it, channel=by, value=values[it], index=blind(values[it]))
        for it, by in names.items()
    )
