"""The agreed plan, written down for her: what it costs and what it means, in her language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from tideover.access.sealing import sealed_text
from tideover.book.newest import newest_one
from tideover.delivery import outbox
from tideover.engine.message import PageWords, read_page_words, spoken_on_pages
from tideover.kit.money import Money
from tideover.repayment.plans.models import Plan
from tideover.strategy.gate import consider
from tideover.strategy.models import Decision

AGREED = "plan_agreed"


def tell_agreed(plan: Plan, *, at: datetime) -> None:
    """Through the gate like everything that is said. Raises NothingLive, UnknownPerson."""
    borrower = newest_one("borrowers", borrower_id=plan.person_id, at=at)
    words = spoken_on_pages(_words(settings.CONTENT), borrower.language if borrower else "en")
    text = " ".join(effects(words, plan.agreed))
    consider(
        person_id=plan.person_id, occasion=AGREED, subject=plan.subject, at=at, because=AGREED,
        values={"plan_effects": sealed_text(text)},
    )  # fmt: skip


def keep_back(plan: Plan, *, at: datetime) -> None:
    """The plan was undone: what was not told yet is not told any more."""
    waiting = Decision.objects.filter(person_id=plan.person_id, purpose=AGREED, taken_at__isnull=True)
    waiting.update(taken_at=int(at.timestamp()))
    outbox.cancel([plan.person_id], at=at, because="taken_back", purpose=AGREED)


def effects(words: PageWords, agreed: Mapping[str, object]) -> Iterable[str]:
    """Whole sentences: the cost, the last day, the credit record, the guarantor."""
    extra, currency = int(str(agreed["extra"])), str(agreed["currency"])
    cost = "more" if extra > 0 else "less" if extra < 0 else "same"
    yield words.say(
        f"help.cost.{cost}",
        amount=Money(abs(extra), currency),
        total=Money(int(str(agreed["total"])), currency),
    )
    yield words.say("help.ends", on=date.fromisoformat(str(agreed["ends_on"])))
    yield words.say(f"help.credit.{agreed['credit']}")
    if agreed["guarantor"]:
        yield words.say(f"help.guarantor.{agreed['guarantor']}")


@lru_cache(maxsize=2)
def _words(overlay: Path | None) -> Mapping[str, PageWords]:
    return read_page_words(overlay)
