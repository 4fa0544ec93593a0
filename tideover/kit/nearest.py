"""The known name closest to one that was mistyped, for messages that say what to do."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, case aside; None when nothing is close enough to be worth a guess."""
    names = set(known)
    if name in names:
        return name
    by_folded = {one.casefold(): one for one in sorted(names, reverse=True)}
    found = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The question to put after a refusal, with its leading space, or "" when nothing is close."""
    guess = nearest(name, known)
    return f" Did you mean {guess!r}?" if guess is not None else ""
