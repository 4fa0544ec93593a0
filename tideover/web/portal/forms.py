"""What a borrower types: signs that turn or hide text are taken out, card numbers covered, before anything is kept."""

from __future__ import annotations

from tideover.kit.cards import cover_cards
from tideover.kit.text import without_bidi_controls

MOST = 4_000


def plain(text: str) -> str:
    """Her words as they may be kept."""
    return cover_cards(without_bidi_controls(text).replace("\x00", "")).strip()
