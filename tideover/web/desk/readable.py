"""What helps, and what was told in confidence, as staff read it."""

from __future__ import annotations

from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "relief": "Lower costs", "move_date": "Move the date", "split": "Pay in parts", "weekly": "Pay each week",
    "smaller": "Smaller for some months", "pause": "Pause", "review": "A person looks at everything",
}  # fmt: skip
NEEDS: Mapping[str, str] = {
    "health": "Her health, or an accident", "mental_health": "She does not feel well in her mind",
    "bereavement": "Somebody close has died", "violence": "Somebody hurts her, or controls her money",
}  # fmt: skip
