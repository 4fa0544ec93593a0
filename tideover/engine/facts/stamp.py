"""book.yaml: what a book is made of, from where, up to when, and with which checksums."""

from __future__ import annotations

import hashlib
from pathlib import Path

import yaml
from pydantic import BaseModel, ValidationError

from .refusals import BookRefused, FileUnreadable, explained

NAME = "book.yaml"
FORMAT = 1


class FileStamp(BaseModel):
    """One file as it was written."""

    bytes: int
    sha256: str


class Stamp(BaseModel):
    """The content of book.yaml. Moments are epoch seconds."""

    format: int
    source: str
    created_at: int
    assumes: list[str] = []
    assumed: dict[str, object] = {}
    currency: str | None = None
    checked: bool = True
    bad_share: float = 0.0
    buckets: int | None = None
    latest_recorded_at: dict[str, int] = {}
    rows: dict[str, int] = {}
    versions: dict[str, int] = {}
    checksums: dict[str, FileStamp] = {}

    def write(self, folder: Path) -> None:
        """Write book.yaml."""
        text = yaml.safe_dump(self.model_dump(exclude_none=True), sort_keys=False, allow_unicode=True)
        (folder / NAME).write_text(text, encoding="utf-8")


def read_stamp(folder: Path) -> Stamp:
    """The stamp of a book, refused when it is damaged or of a later format."""
    path = folder / NAME
    try:
        stamp = Stamp.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise FileUnreadable(
            explained(
                "The stamp of this book is damaged.",
                where=f"{path}: {' '.join(str(error).split())}",
                expected="the file as write_book or `tideover import` left it",
                do="copy the whole book again, or import it again",
            )
        ) from None
    if stamp.format != FORMAT:
        raise BookRefused(
            explained(
                f"This book has format {stamp.format}.",
                where=str(path),
                expected=f"format {FORMAT}",
                do="import the data again with this version of Tideover",
            )
        )
    return stamp


def stamp_of(path: Path) -> FileStamp:
    """Size and checksum of a file, read in pieces."""
    with path.open("rb") as file:
        return FileStamp(bytes=path.stat().st_size, sha256=hashlib.file_digest(file, "sha256").hexdigest())


def checksums_of(folder: Path) -> dict[str, FileStamp]:
    """Of every Parquet file of the book, by its path inside the book."""
    files = sorted(folder.rglob("*.parquet"))
    return {path.relative_to(folder).as_posix(): stamp_of(path) for path in files}


def check_sizes(folder: Path, stamp: Stamp) -> None:
    """Refuse a book of which a file is missing or cut short. Cheap: reads no content."""
    wrong = [
        f"{name} has {found} bytes, {written.bytes} were written"
        if found is not None
        else f"{name} is missing"
        for name, written in stamp.checksums.items()
        if (found := _size(folder / name)) != written.bytes
    ]
    _refuse_damage(folder, wrong)


def check_content(folder: Path, stamp: Stamp) -> None:
    """Refuse a book of which a file is not the one that was written. Reads everything."""
    check_sizes(folder, stamp)
    wrong = [
        f"{name} has changed since it was written"
        for name, written in stamp.checksums.items()
        if stamp_of(folder / name) != written
    ]
    _refuse_damage(folder, wrong)


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None


def _refuse_damage(folder: Path, wrong: list[str]) -> None:
    if wrong:
        raise FileUnreadable(
            explained(
                f"The book is damaged: {'; '.join(wrong)}.",
                where=str(folder),
                expected="every file as the import wrote it",
                do="copy the book again, or import it again",
            )
        )
