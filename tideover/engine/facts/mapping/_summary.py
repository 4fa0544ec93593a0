"""What an import did, in numbers: every row of every file is used, left out for a reason, or set aside with one."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class FileCount:
    """Rows of the files of one name: read, and set aside because a text in them could not be read."""

    name: str
    files: tuple[str, ...]
    rows: int
    set_aside: int

    @property
    def used(self) -> int:
        """Rows that went on to the frames and tables."""
        return self.rows - self.set_aside


@dataclass(frozen=True)
class Counted:
    """So many rows of a frame, and why they are not in the book."""

    frame: str
    because: str
    rows: int


@dataclass(frozen=True)
class TableCount:
    """Rows (versions included) made for a table, those kept, and those the contract's checks set aside."""

    rows: int
    kept: int
    set_aside: int


@dataclass(frozen=True)
class Summary:
    """The whole import."""

    source: str
    out: Path
    files: tuple[FileCount, ...]
    set_aside: tuple[Counted, ...]
    left_out: tuple[Counted, ...]
    tables: dict[str, TableCount]
    beside: dict[str, int]
    assumes: tuple[str, ...]
    stands_in: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Per table, which date stands in for the moment a row became known, and why."""
    seconds: float = 0.0

    def lines(self) -> list[str]:
        """The numbers as a person reads them."""
        told = [f"{one.name}: {one.rows:,} rows read, {one.set_aside:,} set aside" for one in self.files]
        told += [f"set aside in {one.frame}: {one.rows:,} rows: {one.because}" for one in self.set_aside]
        told += [
            f"left out of {one.frame}: {one.rows:,} rows: {one.because}" for one in self.left_out if one.rows
        ]
        told += [
            f"{name}: {count.rows:,} rows made, {count.kept:,} kept, {count.set_aside:,} set aside"
            for name, count in self.tables.items()
        ]
        told += [f"beside the book: {name}.parquet, {rows:,} rows" for name, rows in self.beside.items()]
        told += [f"assumed: {', '.join(self.assumes)}"] if self.assumes else []
        return [*told, f"written to {self.out} in {self.seconds:.1f} s"]

    def as_text(self) -> str:
        """All numbers, one a line."""
        return "\n".join(self.lines())

    def write(self, path: Path) -> None:
        """The same as JSON, for machines and for later."""
        whole = {**asdict(self), "out": self.out.name}
        path.write_text(json.dumps(whole, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
