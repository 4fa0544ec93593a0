"""Drafts of a strategist: the shipped strategy with one thing changed."""

import shutil

from tideover.book.models import FACTS
from tideover.engine.policy.strategy import find_strategy
from tideover.strategy.models import Trial
from tideover.strategy.publishing import approve, publish
from tideover.strategy.trials import MOST_TRIES, try_what_waits

SHIPPED = find_strategy("everyday")


def a_draft(folder, *, says="A draft of the everyday strategy, with other words at its head."):
    """A whole strategy folder that differs from the shipped one in its first sentence."""
    draft = folder / "calmer"
    shutil.copytree(SHIPPED, draft)
    return changed(draft, says=says)


def changed(draft, *, says):
    """The same folder after somebody wrote another first sentence."""
    head = draft / "strategy.yaml"
    rest = head.read_text("utf-8").split("\n", 1)[1]
    head.write_text(f"says: {says}\n{rest}", "utf-8")
    return draft


def a_quiet_one(folder, *, name="quiet", says="Nobody is spoken to, save where a law asks for it."):
    """A small strategy that leaves everybody in peace."""
    draft = folder / name
    (draft / "policies").mkdir(parents=True)
    (draft / "strategy.yaml").write_text(f"says: {says}\n", "utf-8")
    (draft / "order.yaml").write_text("order: [duties, peace]\n", "utf-8")
    (draft / "policies" / "peace.yaml").write_text(
        "says: Everybody is left in peace.\nsubject: person\n"
        "steps:\n  - {otherwise: silence, because: nothing_useful_to_say}\n",
        "utf-8",
    )
    (draft / "policies" / "peace.cases.yaml").write_text(
        "cases:\n  - name: Somebody of whom nothing is known is left in peace\n    given: {}\n"
        "    expect: {do: silence, because: nothing_useful_to_say}\n",
        "utf-8",
    )
    return draft


def agree(release, *, by, at):
    """Agreed to as a lender does it: tried on the book first, or, where nobody is in it, with a reason."""
    for _ in range(MOST_TRIES):
        if FACTS["borrowers"].objects.exists() and Trial.objects.get(release=release).state == "waiting":
            try_what_waits(by="tests", at=at)
    return approve(release, by=by, at=at, why="Nobody is in the book as yet.")


def live(folder, *, by, second, at, whole=True):
    """Published by one and approved by another, as a lender does it."""
    return agree(publish(folder, by=by, at=at, whole=whole), by=second, at=at)


def an_earlier_one(folder):
    """The shipped strategy, where help for a habit comes nine days before the day, and the story that goes with it."""
    draft = folder / "earlier-help"
    shutil.copytree(SHIPPED, draft)
    _replaced(draft / "strategy.yaml", "early_help_days: 6", "early_help_days: 9")
    stories = draft / "policies" / "early_help.cases.yaml"
    _replaced(stories, "Seven days before is too early", "Ten days before is too early")
    _replaced(stories, "often_late: true, days_to_due: 7}", "often_late: true, days_to_due: 10}")
    return draft


def _replaced(file, old, new):
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")
