"""Why a file is not taken; `code` finds the words of the page in her language."""

from __future__ import annotations

from tideover.kit.errors import Refused


class UploadRefused(Refused):
    """A file that is not taken."""

    def __init__(self, code: str, says: str) -> None:
        super().__init__(says)
        self.code = code
