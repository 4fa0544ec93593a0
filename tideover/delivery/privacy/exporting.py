"""Hand a person everything we hold about her: a page to read, JSON and tables for whoever reads them by machine."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from tideover.access.actors import SYSTEM, Actor
from tideover.access.audit import note
from tideover.access.clock import now
from tideover.book.surrogates import surrogate_of
from tideover.delivery.privacy.collecting import Row, collected
from tideover.delivery.privacy.page import page_of
from tideover.delivery.privacy.subject import subject_of
from tideover.kit.cells import harmless

JSON, PAGE = "your-data.json", "your-data.html"


def export_subject(
    person_id: str, out: Path, *, at: datetime | None = None, by: Actor = SYSTEM
) -> list[Path]:
    """Write one person's data into a folder, or into a zip where `out` ends so. Raises NobodyThere."""
    moment = at or now()
    sections = collected(subject_of(person_id))
    note(action="subject_exported", by=by, at=moment, about=surrogate_of(person_id))
    files = {
        JSON: json.dumps({"made_at": moment.isoformat(), **sections}, ensure_ascii=False, indent=1),
        PAGE: page_of(sections, moment),
        **{f"tables/{name}.csv": _csv(rows) for name, rows in sections.items() if rows},
    }
    return _zipped(out, files) if out.suffix == ".zip" else _laid_down(out, files)


def _laid_down(folder: Path, files: Mapping[str, str]) -> list[Path]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return [folder / name for name in files]


def _zipped(path: Path, files: Mapping[str, str]) -> list[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return [path]


def _csv(rows: list[Row]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(names)
    for row in rows:
        table.writerow([_cell(row.get(name)) for name in names])
    return written.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, dict | list):
        return harmless(json.dumps(value, ensure_ascii=False))
    return harmless(value) if isinstance(value, str) else value
