"""Who was erased: asked by key, answered from fingerprints."""

from __future__ import annotations

from collections.abc import Iterable

from tideover.access.sealing import blind
from tideover.book.models import Person
from tideover.delivery.privacy.models import Erasure


def was_erased(keys: Iterable[str]) -> set[str]:
    """Of these keys, those whose person was erased."""
    by_index = {blind(key): key for key in keys}
    found = Erasure.objects.filter(key_index__in=list(by_index)).values_list("key_index", flat=True)
    return {by_index[it] for it in found}


def come_back() -> list[str]:
    """People who were erased and are here again, as after a backup was restored: they are to be erased again."""
    erased = set(Erasure.objects.values_list("key_index", flat=True))
    keys = Person.objects.values_list("person_id", flat=True).iterator(chunk_size=5_000)
    return sorted(key for key in keys if blind(key) in erased) if erased else []
