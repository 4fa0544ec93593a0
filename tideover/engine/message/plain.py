"""How plain a text is: words in its longest sentence, share of long words, and words that blame, threaten or hurry.

Our own measure, for it must work offline in five languages: nothing but counting, with limits set per language in its
words file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tideover.engine.message.words import Plain
from tideover.kit.text import without_bidi_controls

_ENDS = re.compile(r"[.!?\u0964\u061f]+(?=\s|$)")
_WORD = re.compile(
    r"[^\W\d_](?:[\w\u200c\u200d\u064b-\u0655\u0981-\u0983\u09bc-\u09cd\u09d7'\u2019-]*\w)?", re.UNICODE
)


@dataclass(frozen=True)
class Reading:
    """What a text asks of its reader."""

    longest_sentence: int
    words: int
    long_words: int

    @property
    def share_long(self) -> int:
        """Long words, per cent."""
        return 100 * self.long_words // self.words if self.words else 0


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, by the full stops of every script."""
    return [part.strip() for part in _ENDS.split(without_bidi_controls(text)) if part.strip()]


def words_of(text: str) -> list[str]:
    """The words of a text; numbers are none."""
    return _WORD.findall(text)


def reading_of(texts: Iterable[str], plain: Plain) -> Reading:
    """What these texts ask of a reader of that language."""
    sentences = [words_of(sentence) for text in texts for sentence in sentences_of(text)]
    every = [word for sentence in sentences for word in sentence]
    return Reading(
        max((len(sentence) for sentence in sentences), default=0),
        len(every),
        sum(len(word) > plain.letters for word in every),
    )


@lru_cache(maxsize=1024)  # subjects and previews are much the same for everybody
def unkind_words(text: str, never: tuple[str, ...]) -> tuple[str, ...]:
    """The entries of the list that the text uses: whole words, or beginnings of words where they end in "*"."""
    folded = text.casefold()
    any_of_them, each = _sought_for(never)
    if not any_of_them.search(folded):
        return ()
    return tuple(entry for entry, sought in zip(never, each, strict=True) if sought.search(folded))


@lru_cache(maxsize=64)
def _sought_for(never: tuple[str, ...]) -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...]]:
    """One pattern that finds any entry, for most texts hold none, and one for each."""
    each = [_sought(entry.casefold()) for entry in never]
    # Of no entries none is found: an empty pattern would find itself everywhere.
    return re.compile("|".join(each) or r"(?!)"), tuple(re.compile(it) for it in each)


def _sought(entry: str) -> str:
    if not entry[0].isalpha():
        return re.escape(entry)
    end = "" if entry.endswith("*") else r"(?!\w)"
    return rf"(?<!\w){re.escape(entry.removesuffix('*'))}{end}"
