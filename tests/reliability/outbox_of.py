"""An outbox full of replies, each to a person with a mailbox of her own, in a database that worker processes share."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.people import reachable, someone, together

FILL = "from tests.reliability.outbox_of import fill; import sys; fill(int(sys.argv[1]))"


def environment(place: Path, smtp_url: str, database_url: str = "") -> dict[str, str]:
    """For workers of their own process: a lender that exists for tests only."""
    return {
        **os.environ, "DJANGO_SETTINGS_MODULE": "tideover.settings", "TIDEOVER_ENV": "test", "TIDEOVER_DATA": str(place),
        "TIDEOVER_DATABASE_URL": database_url or f"sqlite:///{place / 'kills.db'}", "TIDEOVER_SMTP_URL": smtp_url,
        "TIDEOVER_LEASE_SECONDS": "6", "TIDEOVER_LENDER_NAME": "Harbour Credit", "TIDEOVER_LENDER_PHONE": "+44 20 7946 0000",
        "TIDEOVER_SECRET_KEY": "for tests only, and long enough to be one", "TIDEOVER_PUBLIC_URL": "https://lender.example",
    }  # fmt: skip


def filled(env: dict[str, str], people: int) -> None:
    """Make the database and fill its outbox, in a process of its own."""
    subprocess.run([sys.executable, "-m", "tideover", "migrate"], env=env, check=True, capture_output=True)
    subprocess.run([sys.executable, "-c", FILL, str(people)], env=env, check=True)


def fill(people: int) -> None:
    """One reply to each of so many people, due now. A reply is a contact that is never sent twice."""
    import django

    django.setup()
    from tests.recording import recorded
    from tideover.book.models import Address
    from tideover.delivery.taking import take
    from tideover.strategy.models import Decision, Run
    from tideover.strategy.shares import in_force

    at = datetime.now(UTC).replace(microsecond=0)
    names = [f"p{number}" for number in range(people)]
    book = together(*(together(someone(name), reachable(name, "email")) for name in names))
    book["contact_points"] = [{**it, "address_id": it["person_id"]} for it in book["contact_points"]]
    recorded(book, at=at)
    Address.objects.bulk_create(
        [Address(address_id=it, channel="email", value=f"{it}@example.org", index=it) for it in names]
    )
    (setup,) = in_force().setups
    plan = setup.plan(int(at.timestamp()))
    hashes = {
        "strategy_hash": plan.strategy.hash,
        "rules_hash": plan.rules.hash,
        "tables_hash": "",
        "content_hash": "",
    }
    Decision.objects.bulk_create(
        Decision(
            decision_id=f"{name}.reply", person_id=name, at=at, treatment="contact", purpose="reply", policy="gate", step="reply",
            channel="email", send_at=at, use_by=at + timedelta(days=3), language="en", reasons="asked", engine_version="1",
            values={"answer": "We have looked, and all is well."}, **hashes,
        )
        for name in names
    )  # fmt: skip
    Run.objects.create(kind="nightly", at=at, started_at=at, people=people, **hashes)  # today's night is over
    take(at=at)
