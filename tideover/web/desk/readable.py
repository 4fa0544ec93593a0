"""What helps, what was told in confidence, and when a message leaves, as staff read it."""

from __future__ import annotations

from collections.abc import Mapping

from tideover.strategy.models import Decision

KINDS: Mapping[str, str] = {
    "relief": "Lower costs", "move_date": "Move the date", "split": "Pay in parts", "weekly": "Pay each week",
    "smaller": "Smaller for some months", "pause": "Pause", "review": "A person looks at everything",
}  # fmt: skip
NEEDS: Mapping[str, str] = {
    "health": "Her health, or an accident", "mental_health": "She does not feel well in her mind",
    "bereavement": "Somebody close has died", "violence": "Somebody hurts her, or controls her money",
}  # fmt: skip


def leaving(sent: Decision) -> str:
    """By which way, and when."""
    return f"It leaves by {sent.channel}, {sent.send_at:%A %d %B %H:%M} UTC."
