"""Anchors of the audit trail: its end, written beside the database and handed to whoever keeps it elsewhere."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from tideover.access.audit import Anchor, head
from tideover.access.models import AuditRow
from tideover.kit.errors import Refused

Tell = Callable[[Anchor], None]
"""Brings an anchor to somewhere outside: a mail, a printer, another machine."""


class AnchorBroken(Refused):
    """An earlier anchor does not hold any more: the trail was changed after it was written."""


def folder() -> Path:
    """Where anchors lie."""
    return Path(settings.DATA) / "anchors"


def anchor(*, at: datetime, tell: Tell | None = None) -> Anchor:
    """Write the end of the chain to `<date>.json`, and tell it outside. Raises AnchorBroken, then writes nothing."""
    for known in read():
        row = AuditRow.objects.filter(number=known.number).values_list("hash", flat=True).first()
        if known.number and row != known.hash:
            raise AnchorBroken(
                f"The audit trail does not hold what was anchored at {known.at}, row {known.number}. "
                "Nothing was written; run 'tideover verify audit'."
            )
    end = head()
    made = Anchor(end.number, end.hash, at.astimezone(UTC).isoformat())
    _write(folder() / f"{at.astimezone(UTC).date().isoformat()}.json", made)
    if tell is not None:
        tell(made)
    return made


def read(where: Path | None = None) -> list[Anchor]:
    """Every anchor in a file or folder, oldest first."""
    place = where or folder()
    files = [place] if place.is_file() else sorted(place.glob("*.json"))
    return [_anchor(path) for path in files]


def _anchor(path: Path) -> Anchor:
    try:
        told = json.loads(path.read_text("utf-8"))
        return Anchor(int(told["number"]), str(told["hash"]), str(told.get("at", "")))
    except (ValueError, KeyError, TypeError):
        raise Refused(f"{path} is not an anchor: expected JSON with number, hash and at.") from None


def _write(path: Path, made: Anchor) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    half.write_text(json.dumps(asdict(made)) + "\n", "utf-8")
    os.replace(half, path)  # noqa: PTH105 - whole or not at all
