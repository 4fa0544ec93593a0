"""How alike the heading of a column is to the words lenders use for what a column can hold."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import cache

from ._vocabulary import plain, vocabulary


@cache
def by_heading(heading: str) -> tuple[tuple[str, float, str, str], ...]:
    """(field, how alike from 0 to 1, the known word, its language) for every field whose words are like the heading."""
    said = plain(heading)
    found = []
    for field, one in vocabulary().fields.items():
        scored = [(_alike(said, plain(word)), word) for word in one.words]
        score, word = max(scored)
        if score > 0:
            found.append((field, score, word, _script_language(word)))
    return tuple(found)


def _alike(said: str, word: str) -> float:
    if said == word:
        return 1.0
    # Telling words inside a longer heading: "loan amount (BDT)" says "loan amount".
    if f" {word} " in f" {said} ":
        return 0.55 + 0.4 * len(word) / len(said)
    ratio = SequenceMatcher(None, said, word).ratio() if min(len(said), len(word)) > 3 else 0.0
    return 0.75 * ratio if ratio > 0.84 else 0.0


def _script_language(word: str) -> str:
    """Which of the languages a known word can only be in; "" when several write like that."""
    letters = set(word)
    if any("\u0980" <= one <= "\u09ff" for one in letters):
        return "bn"
    if any("\u0600" <= one <= "\u06ff" for one in letters):
        return "fa"
    if letters & set("āčēģīķļņšūž"):
        return "lv"
    if letters & set("ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"):
        return "vi"
    return ""
