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
    whole = cover_cards(without_bidi_controls(text)).strip()
    words, said = whole[:MOST], {pressed} | grave(whole)
    known = outside_id or hashlib.sha256(f"{sender}{channel}{at}{text}".encode()).hexdigest()
    told = {
        "channel": channel, "index": blind(sender), "sender": sender[:300], "text": "\n".join(filter(None, (words, where))),
        "is_danger": "danger" in said, "is_death": "death" in said, "is_stop": "stop" in said, "at": at,
    }  # fmt: skip
    once = told_once(channel, sender, known, text)
    bare = Unplaced.objects.filter(
        outside_id=f"{channel}:{known}"[:200], index=told["index"]
    )  # as it once was kept
    if not any(it.text == told["text"] for it in bare):
        Unplaced.objects.get_or_create(outside_id=once, defaults=told)
    return "unplaced"


def told_once(channel: str, sender: str, reference: str, text: str) -> str:
    """The name of one delivery. A gateway's own name is not enough: two gateways, or one after a year, use the same."""
    return f"{channel}:{blind(f'{sender}|{reference}|{text}')}"
