"""A file is what its first bytes say, whatever it is called (ASVS 5.0 section 5.2). Everything else is refused."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from tideover.book.applications.uploads.pdfs import refuse_active
from tideover.book.applications.uploads.pictures import written_anew
from tideover.book.applications.uploads.refusals import UploadRefused
from tideover.kit.text import clean_name

LARGEST = 10_000_000
"""Bytes of one file."""
AT_ONCE = 64 * 1024
NAME_LENGTH = 80

JPEG, PNG, WEBP, PDF, HEIC = "image/jpeg", "image/png", "image/webp", "application/pdf", "image/heic"
PICTURES = frozenset({JPEG, PNG, WEBP})


@dataclass(frozen=True)
class Checked:
    """A file as it is kept. `sha256` is of what was sent, so that the same file sent twice is one."""

    content: bytes
    media_type: str
    sha256: str


def checked(file: BinaryIO) -> Checked:
    """Read a file up to the limit and make it safe. Raises UploadRefused."""
    content = _read(file)
    kind = _kind_of(content)
    digest = hashlib.sha256(content).hexdigest()
    if kind == PDF:
        refuse_active(content)
        return Checked(content, PDF, digest)
    if kind in PICTURES:
        return Checked(written_anew(content), JPEG, digest)
    if kind == HEIC:
        raise UploadRefused("heic", "This kind of picture cannot be opened here. Send it as JPEG.")
    raise UploadRefused("kind", "This is no picture and no PDF.")


def clean_file_name(name: str) -> str:
    """The name as somebody may read it again: no folders, nothing invisible, nothing that turns the text around it."""
    last = clean_name(name.replace("\\", "/").rsplit("/", 1)[-1])
    return "".join(it for it in last if it not in '<>:"|?*').strip(". ")[:NAME_LENGTH]


def _read(file: BinaryIO) -> bytes:
    parts, size = [], 0
    while part := file.read(AT_ONCE):
        size += len(part)
        if size > LARGEST:
            raise UploadRefused("too_large", "The file is larger than 10 MB.")
        parts.append(part)
    if not size:
        raise UploadRefused("empty", "The file is empty.")
    return b"".join(parts)


def _kind_of(content: bytes) -> str:
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"%PDF-"):
        return PDF
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"avif"):
        return HEIC
    return ""
