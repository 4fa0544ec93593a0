"""The form of a correction: which messages were wrong, as somebody types it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Max

from tideover.delivery.models import Message
from tideover.delivery.wrong import NotNamed, Wrong
from tideover.strategy.models import Release
from tideover.strategy.telling import words

NAMES = ("purpose", "template", "release", "channel")
A_MONTH = timedelta(days=31)


def wrong_in(typed: Mapping[str, str]) -> Wrong | None:
    """What was typed; None where nothing was. Days are whole days UTC, the last one included. Raises NotNamed."""
    named = {name: typed.get(name, "").strip() for name in NAMES}
    since, until = _day(typed.get("since", "")), _day(typed.get("until", ""), later=timedelta(days=1))
    if not any(named.values()) and since is None and until is None:
        return None
    return Wrong(**named, since=since, until=until)


def _day(text: str, *, later: timedelta = timedelta()) -> datetime | None:
    if not text.strip():
        return None
    try:
        return datetime.combine(date.fromisoformat(text.strip()), time(), UTC) + later
    except (ValueError, OverflowError):
        raise NotNamed(f"'{text}' is not a day; write it as 2026-11-20.") from None


def choices(at: datetime) -> Mapping[str, object]:
    """What can be chosen: purposes and channels by their sentences, strategies, and the words sent in the last month."""
    lists = words().lists
    sent = Message.objects.filter(ended_at__gte=int((at - A_MONTH).timestamp())).exclude(template="")
    last = (
        sent.values_list("template", "purpose", "language")
        .annotate(last=Max("ended_at"))
        .order_by("-last")[:100]
    )
    return {
        "purposes": {name: it.says for name, it in lists.purposes.items()},
        "channels": {name: it.says for name, it in lists.channels.items()},
        "releases": {it.hash: str(it) for it in Release.objects.order_by("-published_at")[:50]},
        "templates": {
            template: f"{purpose.replace('_', ' ')}, {language}, {template[:12]}"
            for template, purpose, language, _ in last
        },
    }
