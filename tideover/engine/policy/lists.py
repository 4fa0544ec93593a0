"""The closed lists: purposes and their classes, channels, holds, reasons. A code that is not in them fails the check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, RootModel

from tideover.engine.policy.content import SHIPPED, ContentRefused, Problem, read_document, validated


class Strict(BaseModel):
    """A content model that refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PurposeClass(Strict):
    """A class of purposes: consent, caps, hold-outs and holds go by it."""

    says: str
    held_out: Literal["never", "allowed"]


class Purpose(Strict):
    """Why a person is contacted."""

    purpose_class: str
    by: Literal["message", "person"]
    counts: bool
    fresh: tuple[str, ...]
    resend: bool
    says: str

    def __init__(self, **data: object) -> None:
        if "class" in data:
            data["purpose_class"] = data.pop("class")
        super().__init__(**data)


class _Purposes(Strict):
    classes: dict[str, PurposeClass]
    purposes: dict[str, Purpose]


class Channel(Strict):
    """A way to reach a person; `cost` in thousandths of the lender's currency unit."""

    by: Literal["message", "person"]
    private: bool
    written: bool
    spoken: bool
    address: str
    cost: int
    says: str


class _Channels(Strict):
    channels: dict[str, Channel]


class Hold(Strict):
    """What rests while a hold lasts."""

    passes: tuple[str, ...]
    covers: Literal["person", "loan"]
    stops: tuple[Literal["interest", "fees", "debits"], ...]
    lifted_by: tuple[str, ...]
    restricted: bool
    says: str


class _Holds(Strict):
    holds: dict[str, Hold]


class Reason(Strict):
    """A reason code: who may read it, and which neutral code the borrower reads instead."""

    audience: Literal["borrower", "staff", "restricted"]
    says: str
    instead: str = ""


class _Reasons(RootModel[dict[str, Reason]]):
    pass


@dataclass(frozen=True)
class Lists:
    """All closed lists of one content folder."""

    classes: Mapping[str, PurposeClass]
    purposes: Mapping[str, Purpose]
    channels: Mapping[str, Channel]
    holds: Mapping[str, Hold]
    reasons: Mapping[str, Reason] = field(default_factory=dict)

    def channels_for(self, by: str) -> tuple[str, ...]:
        """The channels a message, or a person, may use."""
        return tuple(name for name, channel in self.channels.items() if channel.by == by)

    def rested_by(self, purpose_class: str) -> tuple[str, ...]:
        """The hold kinds that rest a purpose class."""
        return tuple(name for name, hold in self.holds.items() if purpose_class not in hold.passes)

    def purposes_of(self, purpose_class: str) -> tuple[str, ...]:
        """The purposes of a class."""
        return tuple(name for name, it in self.purposes.items() if it.purpose_class == purpose_class)


LISTS = ("purposes.yaml", "channels.yaml", "holds.yaml", "reasons.yaml")


def find(name: str, *folders: Path | None) -> Path:
    """The first folder's file that exists: the lender's overlay before the shipped one."""
    for folder in folders:
        if folder is not None and (folder / name).exists():
            return folder / name
    return SHIPPED / name


def read_lists(overlay: Path | None = None) -> Lists:
    """The closed lists, read anew when a file of theirs has changed. Raises ContentRefused with every problem found."""
    files = tuple(find(name, overlay) for name in LISTS)
    return _read(files, tuple((it.stat().st_mtime_ns, it.stat().st_size) for it in files))


@lru_cache(maxsize=8)
def _read(files: tuple[Path, ...], _as_they_are: tuple[tuple[int, int], ...]) -> Lists:
    problems: list[Problem] = []
    documents = iter(map(read_document, files))
    purposes = validated(next(documents), _Purposes, problems)
    channels = validated(next(documents), _Channels, problems)
    holds = validated(next(documents), _Holds, problems)
    reasons = validated(next(documents), _Reasons, problems)
    if purposes is None or channels is None or holds is None or reasons is None:
        raise ContentRefused(problems)
    return Lists(purposes.classes, purposes.purposes, channels.channels, holds.holds, reasons.root)
