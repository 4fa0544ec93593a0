"""Words of somebody whom nobody knows: kept sealed until a person has a case of them, and a stop among them kept in mind."""

from __future__ import annotations

import hashlib
from datetime import datetime

from tideover.access.sealing import blind
from tideover.delivery.incoming.words import grave
from tideover.delivery.models import Unplaced
from tideover.kit.cards import cover_cards
from tideover.kit.text import without_bidi_controls

MOST = 4_000


def keep(
    channel: str, sender: str, text: str, *, at: datetime, outside_id: str = "", pressed: str = "", where: str = ""
) -> str:  # fmt: skip
    """What they said, once; in whatever language, for nobody knows theirs. `where`: where the whole of it is kept."""
    words = cover_cards(without_bidi_controls(text)).strip()[:MOST]
    said = {pressed} | grave(words)
    known = outside_id or hashlib.sha256(f"{sender}{channel}{at}{text}".encode()).hexdigest()
    told = {
        "channel": channel, "index": blind(sender), "sender": sender[:300], "text": "\n".join(filter(None, (words, where))),
        "is_danger": "danger" in said, "is_death": "death" in said, "is_stop": "stop" in said, "at": at,
    }  # fmt: skip
    Unplaced.objects.get_or_create(outside_id=f"{channel}:{known}"[:200], defaults=told)
    return "unplaced"
