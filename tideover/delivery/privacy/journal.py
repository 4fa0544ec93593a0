"""Who was erased: asked by key, answered from fingerprints."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tideover.access.sealing import blind
from tideover.delivery.privacy.models import Erasure
from tideover.delivery.privacy.subject import everybody
from tideover.delivery.restored import append, entries, folder

FILE = "erased.jsonl"
"""Beside the database, so that a restored backup does not bring back whom it no longer remembers as erased."""


def written_down(key_index: str, *, at: datetime) -> None:
    """That somebody was erased, in the file too."""
    append(folder() / FILE, {"key_index": key_index, "at": int(at.timestamp())})


FEW = 500
"""So many keys are asked for one by one; of more, all that were erased are read."""


def was_erased(keys: Iterable[str]) -> set[str]:
    """Of these keys, those whose person was erased."""
    if not Erasure.objects.exists():
        return set()
    asked = {key: blind(key) for key in keys}
    known = Erasure.objects.all()
    if len(asked) <= FEW:
        known = known.filter(key_index__in=set(asked.values()))
    erased = set(known.values_list("key_index", flat=True))
    return {key for key, index in asked.items() if index in erased}


def come_back() -> list[str]:
    """People who were erased and are here again, in the book or in any row: they are to be erased again.

    So it is after a backup was restored, or where a row was under way to the book while she was erased.
    """
    erased = set(Erasure.objects.values_list("key_index", flat=True))
    erased |= {str(it["key_index"]) for it in entries(folder() / FILE)}
    return sorted({key for key in everybody() if blind(key) in erased}) if erased else []
