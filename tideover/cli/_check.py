"""tideover check: is the content right, complete and fresh?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tideover.book.applications.offered import check_offered
from tideover.cli._given import content_folder, day_given, overlay
from tideover.delivery.privacy.retention import check_retention
from tideover.delivery.registered import check_registered
from tideover.engine.decision.cases import run_cases as policy_cases
from tideover.engine.decision.setup import read_setup
from tideover.engine.message import (
    check_messages,
    check_page_words,
    check_portal_words,
    check_rate_methods,
    check_replies,
    check_words,
)
from tideover.engine.policy.content import SHIPPED
from tideover.engine.policy.rules import check_freshness, check_rules, run_cases
from tideover.engine.policy.strategy import find_strategy
from tideover.kit.days import date_of, day_of
from tideover.lessons.checks import check_lessons
from tideover.repayment.ledger.orders import check_allocation
from tideover.repayment.plans.limits import check_plans
from tideover.repayment.promises.limits import check_promises
from tideover.support.voice.clocks import check_clocks

EveryStrategy = Annotated[
    Path | None,
    typer.Argument(help="A content folder of your own; else TIDEOVER_CONTENT, else what is shipped."),
]
OnOption = Annotated[str | None, typer.Option("--on", help="Check as of this day; else today.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)


def check(folder: EveryStrategy = None, on: OnOption = None) -> None:
    """Read all content, run every case, and say what is wrong, contradictory or no longer sure."""
    own = content_folder(folder, "The argument") if folder else overlay()
    today = day_of(day_given(on) if on else datetime.now(UTC).date())
    problems: list[object] = []
    counts = {"strategies": 0, "policies": 0, "rules": 0}
    for name in _strategies(own):
        setup = read_setup(name, overlay=own)
        setup.plan(today * 86_400)
        problems += policy_cases(setup.strategy, find_strategy(name, own))
        counts["strategies"] += 1
        counts["policies"] += len(setup.strategy.policies)
        counts["rules"] = len(setup.rules.by_id)
    rules = setup.rules
    problems += [
        *check_rules(rules, today),
        *check_freshness(rules, today),
        *run_cases(rules),
        *check_words(own),
        *check_messages(own),
        *check_portal_words(own),
        *check_rate_methods(own),
        *check_page_words(own),
        *check_replies(own),
        *check_offered(own),
        *check_lessons(own),
        *check_retention(date_of(today), own),
        *check_allocation(own),
        *check_promises(own),
        *check_plans(own),
        *check_clocks(date_of(today), own),
        *check_registered(own),
    ]
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        typer.echo(
            f"{len(problems)} problems. Each line says the file, the line, and what was expected.", err=True
        )
        raise typer.Exit(2)
    typer.echo(
        "Content is right: "
        + ", ".join(f"{count} {what}" for what, count in counts.items())
        + ", words in five languages, messages."
    )


def _strategies(own: Path | None) -> list[str]:
    folders = [SHIPPED / "strategies", *([own / "strategies"] if own else [])]
    return sorted({path.parent.name for folder in folders for path in folder.glob("*/strategy.yaml")})
