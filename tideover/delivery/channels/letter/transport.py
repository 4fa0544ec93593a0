"""A letter is laid into a folder, whole or not at all, under a name that says nothing about anyone."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tideover.delivery.channels.contract import (
    SOON,
    Accepted,
    Busy,
    Clock,
    Limits,
    MayLeave,
    Outgoing,
    Rejected,
    freely,
)
from tideover.delivery.channels.letter.page import pdf
from tideover.delivery.channels.letter.settings import LetterSettings, read_settings


def open_channel(environ: Mapping[str, str]) -> LetterChannel:
    """Into the folder named by TIDEOVER_LETTER_FOLDER. Raises NotConnected."""
    return LetterChannel(read_settings(environ))


@dataclass(frozen=True)
class LetterChannel:
    """Letters by a print house."""

    settings: LetterSettings
    name: str = "letter"

    @property
    def limits(self) -> Limits:
        return self.settings.limits

    @asynccontextmanager
    async def session(self, *, at: datetime) -> AsyncIterator[LetterSession]:
        yield LetterSession(self.settings, Clock(at))


@dataclass(frozen=True)
class LetterSession:
    """One folder."""

    settings: LetterSettings
    clock: Clock

    async def send(self, outgoing: Outgoing, *, may_leave: MayLeave = freely) -> Accepted:
        self.clock.left(outgoing)
        if not outgoing.to.strip():
            raise Rejected("bad_address", permanent=True, said="no address")
        letter = await asyncio.to_thread(pdf, outgoing, self.settings.fonts)
        await self.clock.last_look(outgoing, may_leave)
        name = hashlib.sha256(outgoing.message_id.encode()).hexdigest()[:24] + ".pdf"
        try:
            await asyncio.to_thread(_laid, self.settings.folder / name, letter)
        except OSError as error:
            raise Busy("unreachable", retry_after=SOON, said=os.strerror(error.errno or 0)) from None
        return Accepted(name)


def _laid(place: Path, letter: bytes) -> None:
    """Whole or not at all, and on the disk before we say so. The same letter again changes nothing."""
    beside = place.with_suffix(".part")
    with beside.open("wb") as file:
        file.write(letter)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
