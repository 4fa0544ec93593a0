"""Words as they are meant, however they were typed: case, width, hidden characters, keyboards, marks left out."""

from __future__ import annotations

import re
import unicodedata

from tideover.kit.text import ascii_digits

# One letter of two keyboards, or one that many type for another.
_ONE_LETTER = str.maketrans({
    "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و",
    "ё": "е", "ँ": "ं", "ঁ": None, "़": None, "়": None, "\u200c": None, "\u200d": None,
    "।": " ", "॥": " ", "॰": " ",
    "'": None, "\u2019": None, "\u2018": None, "ʼ": None, "`": None, "´": None,
})  # fmt: skip
_HARAKAT = re.compile("[\u064b-\u0655\u0670\u0640]")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_PERSIAN_PREFIX = re.compile(r"\b(ن?می) (?=\w)")
_SPACES = re.compile(r"[^\w\u0300-\u036f\u0900-\u0dff]+")


def folded(text: str) -> str:
    """The words with their marks, single spaces between them."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_ONE_LETTER)
    kept = plain.translate(
        {ord(it): None for it in set(plain) if unicodedata.category(it) in ("Cf", "Me", "Cs")}
    )
    spaced = _SPACES.sub(" ", ascii_digits(_HARAKAT.sub("", kept)).replace("_", " "))
    return _PERSIAN_PREFIX.sub(r"\1", _DRAWN_OUT.sub(r"\1", spaced.strip()))


def unmarked(words: str) -> str:
    """Folded words without the marks on Latin letters: what is left of STOPĒT or DỪNG on a plain keyboard."""
    apart = unicodedata.normalize("NFD", words)
    marks = {ord(it): None for it in set(apart) if unicodedata.name(it, "").startswith("COMBINING")}
    return (
        unicodedata.normalize("NFC", apart.translate(marks))
        .replace("đ", "d")
        .replace("ø", "o")
        .replace("ł", "l")
    )
