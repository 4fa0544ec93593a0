"""Anchors of the audit trail: its end, written beside the database and handed to whoever keeps it elsewhere."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import structlog
from django.conf import settings

from tideover.access.audit import Anchor, head
from tideover.access.models import AuditRow
from tideover.kit.errors import Refused

log = structlog.get_logger()
Tell = Callable[[Anchor], None]
"""Brings an anchor to somewhere outside: a mail, a printer, another machine."""


class AnchorBroken(Refused):
    """An earlier anchor does not hold any more: the trail was changed after it was written."""


def folder() -> Path:
    """Where anchors lie."""
    return Path(settings.DATA) / "anchors"


def elsewhere() -> Path | None:
    """The folder of TIDEOVER_ANCHOR_FOLDER, if one is set. Raises Refused where it is not there: a disk that is away."""
    place: Path | None = settings.ANCHOR_FOLDER
    if place is not None and not place.is_dir():
        raise Refused(f"TIDEOVER_ANCHOR_FOLDER names {place}, which is not a folder, or is not mounted.")
    return place


def outside(made: Anchor) -> None:
    """A copy in the folder elsewhere, and a line in the log, which a collector may take to another machine."""
    log.info("audit_anchored", number=made.number, hash=made.hash, at=made.at)
    place = elsewhere()
    if place is not None:
        _write(place / _name(made), made)


def anchor(*, at: datetime, tell: Tell = outside) -> Anchor:
    """Write the end of the chain to `<date>.json`, and tell it outside. Raises AnchorBroken, then writes nothing."""
    place = settings.ANCHOR_FOLDER
    known = [*read(), *(read(place) if place and place.is_dir() else ())]
    kept = dict(AuditRow.objects.filter(number__in={it.number for it in known}).values_list("number", "hash"))
    for each in known:
        if each.number and kept.get(each.number) != each.hash:
            raise AnchorBroken(
                f"The audit trail does not hold what was anchored at {each.at}, row {each.number}. "
                "Nothing was written; run 'tideover verify audit'."
            )
    end = head()
    made = Anchor(end.number, end.hash, at.astimezone(UTC).isoformat())
    _write(folder() / _name(made), made)
    tell(made)
    return made


def known_anchors(where: Path | None = None) -> list[Anchor]:
    """Every anchor there is to compare with: ours, those elsewhere, and those that somebody brings. Raises Refused."""
    away = elsewhere()
    return [*read(), *(read(away) if away else ()), *(read(where) if where else ())]


def read(where: Path | None = None) -> list[Anchor]:
    """Every anchor in a file or folder, oldest first. Raises Refused where what was named is not there."""
    place = where or folder()
    if where is not None and not where.exists():
        raise Refused(f"There are no anchors at {where}: no such file or folder.")
    files = [place] if place.is_file() else sorted(place.glob("*.json"))
    return [_anchor(path) for path in files]


def _name(made: Anchor) -> str:
    return f"{made.at[:10]}.json"


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
