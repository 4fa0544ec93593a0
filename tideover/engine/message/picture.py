"""The picture of a loan: paid so far as a path towards the end, the next step marked, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence

from tideover.engine.message.composed import Picture
from tideover.engine.message.telling import Telling
from tideover.engine.message.templates import PictureWords

MOST_STEPS = 12
"""More steps than that are no path on a phone; longer loans show twelve equal shares."""


def picture_of(telling: Telling, words: PictureWords) -> Picture | None:
    """The picture; None where it is not known how far the person has come, or the path is at its end."""
    done, every = telling.value("paid_count"), telling.value("all_count")
    if not isinstance(done, int) or not isinstance(every, int) or not 0 <= done < every:
        return None
    steps = min(every, MOST_STEPS)
    return Picture(
        title=_said(telling, words.title),
        done=divmod(done * steps, every)[0],
        all=steps,
        says=_said(telling, words.says),
        next=_said(telling, words.next),
        alt=_said(telling, words.alt),
    )


def _said(telling: Telling, texts: Sequence[str]) -> str:
    return next(iter(telling.variants(texts)), "")
