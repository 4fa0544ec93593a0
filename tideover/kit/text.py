"""Text as people write it: direction, invisible characters, digits of other scripts."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from tideover.kit.errors import Refused

Direction = Literal["ltr", "rtl"]

_ISOLATES: dict[Direction, str] = {"ltr": "\u2066", "rtl": "\u2067"}
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_BIDI_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"

# Characters a reader never sees (Unicode's Default_Ignorable_Code_Point), and the marks of interlinear notes:
# two names that differ only in them look the same, and tag characters can carry a hidden text. The two
# joiners, 200C and 200D, are looked at on their own.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINERS = re.compile("[\u200c\u200d]+")
_CONTROLS = re.compile(f"[{_BIDI_CONTROLS}]")
_RTL_SCRIPTS = frozenset({"Adlm", "Arab", "Aran", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})
# Joiners change the shape of letters in Arabic-script words (Persian) and in Brahmic scripts, and nowhere
# else.
_JOINING = re.compile(r"[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\ufb50-\ufdff\ufe70-\ufefc]")


class UnknownLanguage(Refused):
    """A language tag that names no known language."""


def locale_of(tag: str) -> Locale:
    """What CLDR knows of a language tag such as "bn", "pt-BR" or "pt_BR"."""
    try:
        return Locale.parse(tag.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        raise UnknownLanguage(
            f"{tag!r} is not a known language. Write it as 'lv', 'bn' or 'pt-BR'."
        ) from None


@lru_cache(maxsize=256)
def direction_of_language(tag: str) -> Direction:
    """Which way a language is written, by the script in its tag ("ur-Latn") or the usual one ("pa-PK")."""
    return "rtl" if _script_of(tag.replace("-", "_").split("_")) in _RTL_SCRIPTS else "ltr"


def _script_of(parts: list[str]) -> str | None:
    language, *rest = parts
    said = next((part.title() for part in rest if len(part) == 4 and part.isalpha()), None)
    usual = get_global("likely_subtags")
    full = usual.get(f"{language.lower()}_{rest[0].upper()}" if rest else "") or usual.get(language.lower())
    return said or (full.split("_")[1] if full else None)


def direction_of_text(text: str) -> Direction | None:
    """The direction of the first letter that has one; None for digits and signs alone."""
    depth = 0
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in {"LRI", "RLI", "FSI"}:
            depth += 1
        elif kind == "PDI":
            depth = max(0, depth - 1)
        elif depth == 0 and kind in {"L", "R", "AL"}:
            return "ltr" if kind == "L" else "rtl"
    return None


def without_bidi_controls(text: str) -> str:
    """The text without the characters that turn the direction of what follows."""
    return _CONTROLS.sub("", text)


def isolate(text: str, direction: Direction | None = None) -> str:
    """The text fenced off, so that it and the sentence around it cannot reorder each other.

    Controls inside are dropped: an unclosed one would leak out of the fence. Without `direction` the text's
    own first letter decides.
    """
    opening = _FIRST_STRONG_ISOLATE if direction is None else _ISOLATES[direction]
    return f"{opening}{without_bidi_controls(text)}{_POP_ISOLATE}"


def clean_name(text: str) -> str:
    """A person's name without what a reader cannot see: direction controls, zero-width and tag characters.

    Joiners stay between letters they shape (Persian, Bengali, Hindi ...). Line breaks and runs of spaces
    become one space.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    joined = _JOINERS.sub(_kept_joiner, composed)
    spaced = "".join(" " if unicodedata.category(one) == "Cc" else one for one in joined)
    return " ".join("".join(one for one in spaced if unicodedata.category(one) != "Cs").split())


def _kept_joiner(found: re.Match[str]) -> str:
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return found.group()[0] if _JOINING.match(before) and _JOINING.match(after) else ""


def ascii_digits(text: str) -> str:
    """The text with the decimal digits of every script (Bengali, Persian, Arabic ...) written 0 to 9."""
    return text.translate({ord(it): str(unicodedata.decimal(it)) for it in set(text) if it.isdecimal()})
