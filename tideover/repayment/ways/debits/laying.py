"""The bank's files in the folder: each laid once, whole, and remembered where a restored database can see it."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from tideover.access.sealing import blind
from tideover.delivery.restored import append, entries, folder, thin_one
from tideover.repayment.ways.debits.settings import DebitSettings
from tideover.repayment.ways.models import DebitFile

LOOK_BACK = timedelta(days=35)
"""How old a file may be that is looked at again; a debit is due within days of its file."""

_NUMBER = re.compile(r"<EndToEndId>([^<]*)</EndToEndId>")


def lay_what_waits(settings: DebitSettings, *, at: datetime) -> str:
    """Lay every file that was made and not laid, as where a process ended or a disk was full. Where the last one lies."""
    laid = ""
    for file in DebitFile.objects.filter(laid_at=None).order_by("made_at", "pk"):
        numbers = set(file.debits.values_list("end_to_end", flat=True))
        if not numbers <= with_the_bank(settings, numbers, at=at):
            laid = _laid(file, settings)
        _remember(numbers - _remembered(numbers), at)
        file.laid_at = at
        file.save(update_fields=["laid_at"])
    return laid


def with_the_bank(settings: DebitSettings, numbers: Iterable[str], *, at: datetime) -> set[str]:
    """Which of these collections stand in a file that was laid, whatever the database knows: it may be an older copy."""
    first = f"TIDE-{at - LOOK_BACK:%Y%m%d}"
    files = [it for it in settings.folder.glob("TIDE-*.xml") if it.name >= first]
    lying = {number for it in files for number in _NUMBER.findall(it.read_text("utf-8"))}
    asked = set(numbers)
    return (asked & lying) | _remembered(asked)


def _remember(numbers: Collection[str], at: datetime) -> None:
    """In the journal, as fingerprints: whoever carries files to the bank may take them out of the folder."""
    if numbers:
        file = folder() / f"debits-{socket.gethostname()}.jsonl"
        append(file, {"at": int(at.timestamp()), "left": sorted(map(blind, numbers))})
    for file in _journals():
        thin_one(file, at=at)


def _remembered(numbers: Iterable[str]) -> set[str]:
    known = {mark for file in _journals() for it in entries(file) for mark in it["left"]}  # type: ignore[attr-defined]
    return {it for it in numbers if blind(it) in known}


def _journals() -> list[Path]:
    return sorted(folder().glob("debits-*.jsonl"))


def _laid(file: DebitFile, settings: DebitSettings) -> str:
    """For whoever carries it to the bank: readable by the owner alone, whole or not at all."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    target: Path = settings.folder / f"{file.message_id}.xml"
    half = target.with_suffix(".part")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(file.xml)
        out.flush()
        os.fsync(out.fileno())
    half.replace(target)
    return str(target)
