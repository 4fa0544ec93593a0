"""Numbers and names that follow from content alone, so that every machine finds the same ones."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

PRIME = 2**31 - 1  # rounds modulo this prime never overflow int64
_CUT_SHORT = 12


def seed_of(borrower_id: str) -> int:
    """The first 8 hex digits of md5(borrower_id): spreads people evenly, protects nothing. 0 to 2**32 - 1."""
    return int(hashlib.md5(borrower_id.encode(), usedforsecurity=False).hexdigest()[:8], 16)


def literals(salt: str, period: str | int, n: int) -> tuple[int, ...]:
    """`n` numbers from 1 to PRIME - 1 that only this salt and period give; never 0, so they can multiply."""
    return tuple(_literal(salt, str(period), place) for place in range(n))


def _literal(salt: str, period: str, place: int) -> int:
    # As JSON, so that no salt and period can run together into another pair.
    text = json.dumps([salt, period, place], ensure_ascii=True)
    return 1 + int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big") % (PRIME - 1)


def hash_of_files(files: Mapping[str, bytes]) -> str:
    """sha256 over names and bytes, whatever the order: the name under which this content is cited."""
    total = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            total.update(len(part).to_bytes(8, "big"))
            total.update(part)
    return total.hexdigest()


def content_hash(paths: Path | Iterable[Path]) -> str:
    """The hash of a folder, or of some files of one; names count from their deepest common folder.

    Hidden files do not count. A copy of the folder elsewhere has the same hash. Files of several folders laid
    over each other have no such names: give `hash_of_files` the names they stand for.
    """
    given = [paths] if isinstance(paths, Path) else list(paths)
    files = [
        file for path in given for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file()
    ]
    top = paths if isinstance(paths, Path) and paths.is_dir() else _common_folder(files)
    named = {file.relative_to(top): file for file in files}
    shown = {
        name: file for name, file in named.items() if not any(part.startswith(".") for part in name.parts)
    }
    return hash_of_files({name.as_posix(): file.read_bytes() for name, file in shown.items()})


def _common_folder(files: list[Path]) -> Path:
    return Path(os.path.commonpath([file.parent for file in files])) if files else Path()


def hash_of_value(value: object) -> str:
    """sha256 of a value of texts, numbers, lists and mappings; the order inside a mapping does not matter."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def short(full_hash: str) -> str:
    """The twelve digits people cite."""
    return full_hash[:_CUT_SHORT]
