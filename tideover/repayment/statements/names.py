"""How a name or a reference is compared: what banks, keyboards and alphabets change does not count."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans(
    {
        "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i",
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia",
        "і": "i", "ї": "i", "є": "ie", "ґ": "g",
    }
)  # fmt: skip
"""Letters that carry no accent to take off, as passports write them (ICAO Doc 9303, part 3, section 6)."""

_PAIRS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
"""Müller is Mueller in one bank and Muller in the next."""

_TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "dr", "herr", "frau", "sir", "prof", "kungs", "kundze", "md", "mst"}
)


def name_key(name: str) -> str:
    """The words of a name in order of the alphabet; "" where fewer than two are left, which name nobody."""
    parts = sorted({_plain(it) for it in _split(name)} - {""} - _TITLES)
    return " ".join(parts) if len(parts) > 1 else ""


def reference_key(text: str) -> str:
    """Letters and digits alone, with a nought for the letter O and a one for the letter I: people mistake them."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(it for it in plain if it.isalnum()).replace("O", "0").replace("I", "1")


def _split(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_LETTERS)
    letters = "".join(it for it in plain if not unicodedata.combining(it))
    return "".join(it if it.isalnum() else " " for it in letters).split()


def _plain(word: str) -> str:
    for pair, one in _PAIRS:
        word = word.replace(pair, one)
    return word
