"""Whether a release was tried on the book against what is live now; where it cannot be, whoever agrees says why.

What its trial counted stays of use: so many messages a day are what people agreed to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tideover.book.models import FACTS
from tideover.kit.errors import Refused
from tideover.strategy.comparing import NEW
from tideover.strategy.models import Release, Trial
from tideover.strategy.models.releases import DECIDING, WHOLE

WHY_NOT = {
    "trial_failed": "Its trial on your book failed.",
    "empty_book": "There was nobody in your book to try it on.",
}
"""Codes for why a release may go live untried, with words; whoever agrees adds words of their own."""


class NotTried(Refused):
    """A release is agreed to once its trial is done, so that what it would do is seen first."""


def untried_because(release: Release, *, live: str) -> str:
    """The code for why it cannot be tried; empty where its trial is done. Raises NotTried while it waits or runs."""
    if release.state != "waiting":
        return ""  # what ramps was looked at when it began
    trial = Trial.objects.filter(release=release).first()
    is_of_now = trial is not None and trial.against == live
    if trial is not None and is_of_now and trial.state == "done" and trial.found.get("people"):
        return ""
    if not FACTS["borrowers"].objects.exists() or (trial is not None and is_of_now and trial.state == "done"):
        return "empty_book"
    if trial is not None and is_of_now and trial.state == "failed":
        return "trial_failed"
    raise NotTried(
        "It has not been tried on your book yet, so nobody can see what it would do. "
        "A worker tries it within minutes: agree once its trial is done."
    )


def expected_a_day() -> Mapping[str, int]:
    """How many people the trials of what decides now counted a day, by purpose, for the share of people that it has.

    A trial counts people over its days, of a big book those of a sample; of what was never tried nothing is known.
    """
    known = Trial.objects.filter(state="done", release__state__in=DECIDING).values_list(
        "release__share", "found"
    )
    a_day = Counter[str]()
    for share, found in known:
        if not found.get("people"):
            continue
        a_person = found["of"] / found["people"] / len(found["days"]) * share / WHOLE
        for purpose, people in found["purposes"][NEW].items():
            a_day[purpose] += round(people * a_person)
    return a_day
