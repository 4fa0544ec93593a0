"""Erased people whom a restored backup, an import or a row under way brought back go again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from tideover.access.actors import SYSTEM
from tideover.delivery.privacy.erasing import erase_subject
from tideover.delivery.privacy.journal import FILE, come_back
from tideover.delivery.privacy.models import Erasure
from tideover.delivery.restored import entries, folder
from tideover.kit.errors import Refused

log = structlog.get_logger()


@dataclass(frozen=True)
class Again:
    """How many went again, and who cannot yet."""

    erased: int
    not_yet: tuple[str, ...]


def erase_again(*, at: datetime) -> Again:
    """Erase whoever came back, and remember those whom this database never knew."""
    not_yet, erased, failed = [], 0, list[Exception]()
    for key in come_back():
        try:
            erase_subject(key, at, SYSTEM)
            erased += 1
        except Refused:  # a claim is open, a debit is with the bank, a night is being decided
            not_yet.append(key)
        except Exception as error:  # noqa: BLE001 - of one who cannot go now the others do not wait
            log.error("not_erased_again", error=type(error).__name__)  # noqa: TRY400
            failed.append(error)
    known = set(Erasure.objects.values_list("key_index", flat=True))
    written = {str(it["key_index"]): int(str(it["at"])) for it in entries(folder() / FILE)}
    Erasure.objects.bulk_create(
        Erasure(key_index=key, at=datetime.fromtimestamp(moment, at.tzinfo))
        for key, moment in written.items()
        if key not in known
    )
    if failed:
        raise failed[0]
    return Again(erased, tuple(not_yet))
