"""Is this database an older copy of itself? Then what left since the copy was made is held, and nothing leaves before people agree.

Every round of sending has a number: it is written in the database first, then in a file of the data folder, with
fingerprints of whom it wrote to. A file that knows a later number than the database says that a backup was restored.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F

from tideover.access.sealing import blind
from tideover.book.models import Person
from tideover.book.queries import loans_of
from tideover.delivery import outbox
from tideover.delivery.models import EACH_ITS_OWN, ENDED, KEPT_BACK, Message, Series
from tideover.delivery.taking import new_codes
from tideover.strategy.stops import RESTORED, press
from tideover.strategy.telling import words

log = structlog.get_logger()
BECAUSE = "sent_before_restore"
KEPT = timedelta(days=35)
"""How old a backup may be of which we still know what left since."""
TAIL = 2_000_000
PART = 1_000


@dataclass(frozen=True)
class Left:
    """One message of a round, as the file knows it."""

    contact: str
    person: str
    purpose: str
    channel: str
    subject: str
    local_day: int
    at: int

    @property
    def kind(self) -> tuple[str, str, str, int]:
        """Of which one leaves a day to a person, save what is each its own."""
        return self.person, self.purpose, self.subject, self.local_day


def numbered(messages: Sequence[Message], *, at: datetime) -> None:
    """Give the round that is about to leave its number, in the database and then on disk."""
    if not messages:
        return
    moment = int(at.timestamp())
    with _journal() as (series, file):
        _hold_what_left(series, at)
        Series.objects.filter(pk=series.pk).update(last=F("last") + 1)
        series.refresh_from_db()
        left = [
            [blind(it.contact_id), blind(it.person_id), it.purpose, it.channel, blind(it.subject), it.local_day, moment]
            for it in messages
        ]  # fmt: skip
        append(file, {"number": series.last, "at": moment, "left": left})


def look(*, at: datetime) -> int:
    """Where a backup was restored: stop everything, and hold what left since. How many messages that were."""
    with _journal() as (series, _):
        return _hold_what_left(series, at)


def _hold_what_left(series: Series, at: datetime) -> int:
    """Compare the number in the files with the one in the database, and make good what the database does not know."""
    files = sorted(folder().glob(f"{series.key}-*.jsonl"))
    if max(map(_last, files), default=0) <= series.last:
        return 0
    later = [it for file in files for it in entries(file) if int(str(it.get("number", 0))) > series.last]
    left = [Left(*one) for it in later for one in it["left"]]  # type: ignore[attr-defined]
    with transaction.atomic():
        press(
            scope=RESTORED,
            by="restored backup",
            at=at,
            why=f"{len(left)} messages left that this database does not know",
        )
        held = sum(_held(left[first : first + PART], at) for first in range(0, len(left), PART))
        series.last = max(int(str(it["number"])) for it in later)
        series.save(update_fields=["last"])
    log.error("database_is_older", rounds=len(later), messages=len(left), held=held)
    return held


def _held(left: Sequence[Left], at: datetime) -> int:
    """What left counts as sent and is never sent again: rows that are there, and rows for what the copy never had."""
    people = _people({it.person for it in left})
    loans = {blind(it): it for it in loans_of(list(people.values()))} | {blind(""): ""}
    known = [it for it in left if it.person in people and it.subject in loans]
    there = list(Message.objects.filter(person_id__in={people[it.person] for it in known}))
    by_contact = {blind(it.contact_id): it for it in there}
    # The copy may know the same message by another decision; not one that was kept back, whose place another takes.
    by_kind = {
        (blind(it.person_id), it.purpose, blind(it.subject), it.local_day): it
        for it in there
        if it.purpose not in EACH_ITS_OWN and (it.state not in KEPT_BACK or it.maybe_twice)
    }
    rows = [
        by_contact.get(it.contact) or by_kind.get(it.kind) or _row(it, people[it.person], loans[it.subject])
        for it in known
    ]
    Message.objects.bulk_create([row for row in rows if row.pk is None], ignore_conflicts=True)
    held: dict[int, list[Message]] = {}
    for it, row in zip(known, rows, strict=True):
        if row.pk is None or row.state not in ENDED:
            held.setdefault(it.at, []).append(row)
    for moment, some in sorted(held.items()):
        Message.objects.filter(pk__in=[row.pk for row in some if row.pk is not None]).update(
            state="unknown", because=BECAUSE, ended_at=moment, fence=F("fence") + 1
        )
        outbox.note(some, "unknown", at=at, left_at=datetime.fromtimestamp(moment, UTC))
    return sum(map(len, held.values()))


def _row(left: Left, person: str, subject: str) -> Message:
    at, purpose = datetime.fromtimestamp(left.at, UTC), words().lists.purposes[left.purpose]
    return Message(
        contact_id=f"left-{left.contact}", person_id=person, purpose=left.purpose, purpose_class=purpose.purpose_class,
        subject=subject, channel=left.channel, send_at=at, due_at=at, use_by=at, local_day=left.local_day, state="unknown",
        because=BECAUSE, message_id=secrets.token_hex(16), code=new_codes(1)[0], ended_at=at,
    )  # fmt: skip


def _people(wanted: set[str]) -> dict[str, str]:
    keys = Person.objects.values_list("person_id", flat=True).iterator(chunk_size=5_000)
    return {found: key for key in keys if (found := blind(key)) in wanted}


def thin(*, at: datetime) -> None:
    """What left longer ago than any backup is old goes from the files, also of machines that are no more; the last number stays."""
    with _journal() as (series, _):
        for file in sorted(folder().glob(f"{series.key}-*.jsonl")):
            thin_one(file, at=at)


def thin_one(file: Path, *, at: datetime) -> None:
    """One file of what left, by the moments of its lines."""
    since, new = int((at - KEPT).timestamp()), file.with_suffix(".new")
    every = list(entries(file))
    kept = [it for it in every if int(str(it["at"])) >= since] or [it | {"left": []} for it in every[-1:]]
    if kept == every:
        return
    new.unlink(missing_ok=True)
    for it in kept:
        append(new, it)
    new.replace(file)


@contextmanager
def _journal() -> Iterator[tuple[Series, Path]]:
    """The series of this database and this machine's file, held by one process of the machine at a time."""
    series = (
        Series.objects.first()
        or Series.objects.get_or_create(one=True, defaults={"key": secrets.token_hex(8)})[0]
    )
    file = folder() / f"{series.key}-{socket.gethostname()}.jsonl"
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        series.refresh_from_db()
        yield series, file


def folder() -> Path:
    """Where the journals of sending and of erasures lie: it must not be restored with the database."""
    place = Path(settings.DATA) / "journal"
    place.mkdir(parents=True, exist_ok=True)
    return place


def append(file: Path, told: Mapping[str, object]) -> None:
    """One line more, on disk when this returns. A line that was cut off by a fall stands alone."""
    is_torn = file.is_file() and file.stat().st_size > 0 and _tail(file, 1) != b"\n"
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as out:
        out.write((b"\n" if is_torn else b"") + json.dumps(told, separators=(",", ":")).encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())


def entries(file: Path) -> Iterator[dict[str, object]]:
    """The lines of a journal; one that was cut off says nothing."""
    if file.is_file():
        with file.open("rb") as lines:
            yield from (told for line in lines if (told := _read(line)) is not None)


def _last(file: Path) -> int:
    """The highest number in the file: lines are added in order."""
    if not file.is_file():
        return 0
    lines = (told for line in reversed(_tail(file, TAIL).split(b"\n")) if (told := _read(line)) is not None)
    return int(str(next(lines, {}).get("number", 0)))


def _read(line: bytes) -> dict[str, object] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _tail(file: Path, most: int) -> bytes:
    with file.open("rb") as it:
        it.seek(max(file.stat().st_size - most, 0))
        return it.read()
