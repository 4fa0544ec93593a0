"""What another system cannot change of a row: a loan's currency, by which every amount of it is read, and what she said since."""

from __future__ import annotations

from datetime import datetime

from tideover.book.models import FACTS
from tideover.book.said_here import said_otherwise
from tideover.engine.facts import TABLES
from tideover.web.api.rows import Good, Refusal


def changed_for_good(table: str, good: Good) -> list[Refusal]:
    """Rows that say otherwise than what is known, in a column in which every version of a row agrees."""
    spec, (first, *_) = TABLES[table], TABLES[table].key
    if not spec.steady:
        return []
    rows = FACTS[table].objects.filter(**{f"{first}__in": [row[first] for row in good.values()]})
    known = {
        key: values for key, *values in rows.order_by("recorded_at", "id").values_list(first, *spec.steady)
    }
    return [
        Refusal(
            place,
            name,
            "cannot_change",
            f"Another {name} is known; what was told first stays. Close this row, tell a new one.",
        )
        for place, row in good.items()
        for name, value in zip(spec.steady, known.get(row[first], ()), strict=False)
        if row.get(name) != value
    ]


def undoes_her_word(table: str, good: Good, *, at: datetime) -> list[Refusal]:
    """Wishes that are older than what she told us herself, and say otherwise."""
    places = said_otherwise(good, at=at) if table == "preferences" else []
    says = "She has said otherwise since. Tell a newer wish of hers with its set_at."
    return [Refusal(it, "set_at", "told_differently", says) for it in places]
