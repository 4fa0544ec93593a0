"""What an import found: rows in, kept and set aside, values in doubt, what is missing and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from .troubles import HARMLESS, MADE_UNKNOWN, TROUBLES

NAME = "quality.json"


class TableQuality(BaseModel):
    """One table: `rows` came in, `kept` are in the book (all versions), the rest lies in set_aside under a reason.

    `noted` counts values by "code:column": read as unknown, or kept and only worth a look.
    """

    rows: int
    kept: int
    set_aside: dict[str, int] = {}
    noted: dict[str, int] = {}
    examples: dict[str, list[str]] = {}

    @property
    def bad(self) -> int:
        """Rows set aside that speak against the source."""
        return sum(count for reason, count in self.set_aside.items() if reason not in HARMLESS)


class Finding(BaseModel):
    """Something worth a look that sets no row aside."""

    code: str
    table: str
    count: int
    says: str


class Quality(BaseModel):
    """The report of one import. `checked` is False for made-up books, whose maker vouches for them."""

    checked: bool = True
    tables: dict[str, TableQuality] = {}
    missing: dict[str, str] = {}
    findings: list[Finding] = []
    notes: list[str] = []

    @property
    def bad_share(self) -> float:
        """Share of all rows that were set aside, 0 to 1."""
        rows = sum(table.rows for table in self.tables.values())
        return sum(table.bad for table in self.tables.values()) / rows if rows else 0.0

    def said(self) -> list[str]:
        """The report in plain sentences; empty when there is nothing to say."""
        return [
            *self._set_aside(),
            *self._noted(),
            *(finding.says for finding in self.findings),
            *(f"There is no {name} table: {cost}." for name, cost in self.missing.items()),
            *self.notes,
        ]

    def _set_aside(self) -> Iterator[str]:
        for name, table in self.tables.items():
            for reason, count in sorted(table.set_aside.items(), key=lambda item: (-item[1], item[0])):
                such = table.examples.get(reason, [])
                shown = f", such as {'; '.join(such)}" if such else ""
                yield (
                    f"{name}: {count} of {table.rows} rows set aside ({reason}): {TROUBLES[reason]}{shown}."
                )

    def _noted(self) -> Iterator[str]:
        for name, table in self.tables.items():
            for label, count in sorted(table.noted.items()):
                code, _, column = label.partition(":")
                done = "read as unknown" if code in MADE_UNKNOWN else "kept as they are"
                yield f"{name}.{column}: {count} values {done} ({code}): {TROUBLES[code]}."

    def write(self, folder: Path) -> None:
        """Write quality.json."""
        (folder / NAME).write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")


def read_quality(folder: Path) -> Quality:
    """The report of a book; an empty one where it has none."""
    path = folder / NAME
    return Quality.model_validate_json(path.read_bytes()) if path.is_file() else Quality(checked=False)
