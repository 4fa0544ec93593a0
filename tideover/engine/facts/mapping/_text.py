"""Opening a text file, packed or not."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TextIO, cast


def opened(path: Path, encoding: str = "utf-8") -> TextIO:
    """The file as text in its encoding, unpacked when it is gzip by its first bytes, whatever its name."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    if packed:
        return cast("TextIO", gzip.open(path, "rt", encoding=encoding, newline=""))
    return path.open(encoding=encoding, newline="")
