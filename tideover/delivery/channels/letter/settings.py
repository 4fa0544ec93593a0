"""Where letters are laid, and where their letter shapes come from."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tideover.delivery.channels.contract import Limits
from tideover.delivery.channels.register import NotConnected

FOLDER, FONTS = "TIDEOVER_LETTER_FOLDER", "TIDEOVER_FONTS"
# Packages of letter shapes, and where systems keep theirs.
USUAL_FONTS = (
    *(Path(place) / name for place in sys.path for name in ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic")),
    Path("/usr/share/fonts/truetype/noto"),
)

USUAL = Limits(sessions=1, longest=30_000)


@dataclass(frozen=True, slots=True)
class LetterSettings:
    """One print house."""

    folder: Path
    fonts: tuple[Path, ...]
    limits: Limits = USUAL


def read_settings(environ: Mapping[str, str]) -> LetterSettings:
    """Raises NotConnected."""
    written = environ.get(FOLDER, "")
    if not written:
        raise NotConnected(
            f"{FOLDER} is not set. It names the folder from which the print house takes letters."
        )
    folder = Path(written)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NotConnected(f"The folder that {FOLDER} names cannot be made: {error.strerror}.") from None
    return LetterSettings(folder, fonts_in(environ))


def fonts_in(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The folders of letter shapes that are there, the lender's own first."""
    own = tuple(Path(it) for it in environ.get(FONTS, "").split(":") if it)
    return tuple(it for it in (*own, *USUAL_FONTS) if it.is_dir())
